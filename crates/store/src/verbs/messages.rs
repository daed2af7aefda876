//! Texts: what is asked of them by name, and the inbox.

use super::PageRequest;
use super::outbound::readable;
use crate::Store;
use crate::error::StoreError;
use crate::record::Guarded;
use crate::statement::{Statement, values};
use engine::id::MessageId;
use engine::message::{Message, MessageEvent};

impl Store {
    pub async fn message(&self, id: &MessageId) -> Result<Option<Guarded<Message>>, StoreError> {
        self.find(id).await
    }

    pub async fn message_events(&self, id: &MessageId) -> Result<Vec<MessageEvent>, StoreError> {
        self.history::<Message>(id).await
    }

    /// One line a person: the latest message with each contact whose key is there, newest first.
    pub async fn inbox(&self, page: PageRequest) -> Result<Vec<Message>, StoreError> {
        let sql = concat!(
            "SELECT data, key_id, id FROM messages AS latest WHERE id < $1 AND ",
            readable!("key_id", "$3"),
            " AND NOT EXISTS (
                 SELECT 1 FROM messages AS later
                 WHERE later.contact = latest.contact AND later.id > latest.id AND ",
            readable!("later.key_id", "$3"),
            ") ORDER BY id DESC LIMIT $2"
        );
        let statement = Statement::rows(sql, values![page.before(), page.limit(), self.keys().known()]);
        self.read_all(statement, |mut row| self.item(&mut row)).await
    }
}
