//! Published workflows, ready to be executed.

use crate::error::HostError;
use engine::workflow::{Trigger, Workflow};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use store::{Store, StoreError};

/// Loads versions once and keeps them: a published version never changes.
pub struct Catalogue {
    store: Store,
    versions: RwLock<HashMap<String, HashMap<u32, Arc<Workflow>>>>,
    latest: RwLock<Arc<Latest>>,
    /// One at a time reads and stores: what was read earlier must not be stored later, or a workflow that was retired
    /// meanwhile would start again.
    refreshing: tokio::sync::Mutex<()>,
}

/// The newest version of each workflow.
#[derive(Default)]
struct Latest {
    by_name: HashMap<String, (u32, Arc<Workflow>)>,
    by_hook: HashMap<String, String>,
    /// The newest versions that cannot be read here, which was told.
    unreadable: HashMap<String, u32>,
}

impl Latest {
    fn add(&mut self, name: String, version: u32, workflow: Arc<Workflow>) {
        if let Trigger::Webhook(hook) = &workflow.trigger {
            self.by_hook.entry(hook.path.clone()).or_insert_with(|| name.clone());
        }
        self.by_name.insert(name, (version, workflow));
    }
}

impl Catalogue {
    pub(crate) fn new(store: Store) -> Self {
        Catalogue {
            store,
            versions: RwLock::default(),
            latest: RwLock::default(),
            refreshing: tokio::sync::Mutex::default(),
        }
    }

    /// Reads what was published, also by other nodes. A workflow that cannot be read here, since a program of another
    /// version published it, stays what it was to this process, if anything, and keeps nobody from the others.
    pub async fn refresh(&self) -> Result<(), HostError> {
        let _one_at_a_time = self.refreshing.lock().await;
        let before = self.snapshot();
        let mut latest = Latest::default();
        let mut left = Vec::new();
        for stored in self.store.workflows().await? {
            let (name, version) = (stored.name, stored.version);
            match self.compiled(&name, version, &stored.source) {
                Ok(workflow) => latest.add(name, version, workflow),
                Err(error) => {
                    if before.unreadable.get(&name) != Some(&version) {
                        let error = &error as &dyn std::error::Error;
                        tracing::error!(
                            workflow = name,
                            version,
                            error,
                            "a workflow cannot be read, and is left as it was"
                        );
                    }
                    latest.unreadable.insert(name.clone(), version);
                    left.push(name);
                }
            }
        }
        // A path that one of them had may be another's by now.
        for name in left {
            if let Some((version, workflow)) = before.by_name.get(&name) {
                latest.add(name, *version, workflow.clone());
            }
        }
        *self.latest.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(latest);
        Ok(())
    }

    pub fn latest(&self, name: &str) -> Option<(u32, Arc<Workflow>)> {
        self.snapshot().by_name.get(name).cloned()
    }

    /// The workflow whose webhook trigger has this path.
    pub fn by_hook(&self, path: &str) -> Option<(String, u32, Arc<Workflow>)> {
        let latest = self.snapshot();
        let name = latest.by_hook.get(path)?;
        let (version, workflow) = latest.by_name.get(name)?;
        Some((name.clone(), *version, workflow.clone()))
    }

    /// Every workflow that incoming texts may start, by name.
    pub(crate) fn incoming(&self) -> Vec<(u32, Arc<Workflow>)> {
        let latest = self.snapshot();
        let listens = |w: &Workflow| matches!(w.trigger, Trigger::IncomingMessage(_));
        let mut all: Vec<_> = latest.by_name.values().filter(|(_, w)| listens(w)).cloned().collect();
        all.sort_by(|a, b| a.1.name.cmp(&b.1.name));
        all
    }

    /// Every workflow that calls to our numbers may start, by name.
    pub(crate) fn called(&self) -> Vec<(u32, Arc<Workflow>)> {
        let latest = self.snapshot();
        let listens = |w: &Workflow| matches!(w.trigger, Trigger::IncomingCall(_));
        let mut all: Vec<_> = latest.by_name.values().filter(|(_, w)| listens(w)).cloned().collect();
        all.sort_by(|a, b| a.1.name.cmp(&b.1.name));
        all
    }

    /// The version that a run was started with.
    pub(crate) async fn version(&self, name: &str, version: u32) -> Result<Arc<Workflow>, HostError> {
        if let Some(known) = self.known(name, version) {
            return Ok(known);
        }
        let stored = self.store.workflow(name, Some(version)).await?;
        let stored = stored.ok_or(HostError::NotFound { what: "workflow version" })?;
        self.compiled(name, version, &stored.source)
    }

    fn known(&self, name: &str, version: u32) -> Option<Arc<Workflow>> {
        self.versions.read().unwrap_or_else(PoisonError::into_inner).get(name)?.get(&version).cloned()
    }

    fn compiled(&self, name: &str, version: u32, source: &str) -> Result<Arc<Workflow>, HostError> {
        if let Some(known) = self.known(name, version) {
            return Ok(known);
        }
        let loaded = engine::workflow::load(source, Some(name));
        let Some(workflow) = loaded.workflow else {
            // It was fit when it was published, by a version that knew other rules.
            let source = loaded.diagnostics.first().map_or_else(String::new, |first| first.message.clone());
            let source: Box<dyn std::error::Error + Send + Sync> = source.into();
            return Err(StoreError::Corrupt { what: "workflow", source }.into());
        };
        let workflow = Arc::new(workflow);
        let mut versions = self.versions.write().unwrap_or_else(PoisonError::into_inner);
        versions.entry(name.to_owned()).or_default().insert(version, workflow.clone());
        Ok(workflow)
    }

    fn snapshot(&self) -> Arc<Latest> {
        self.latest.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use store::{OpenOptions, Role};

    const READABLE: &str = "{trigger: {type: manual}, blocks: [{id: a, type: end}]}";
    const HOOKED: &str = "{trigger: {type: webhook, path: orders}, blocks: [{id: a, type: end}]}";
    const UNREADABLE: &str = "{trigger: {type: telepathy}}";

    #[tokio::test]
    async fn a_workflow_that_cannot_be_read_keeps_nobody_from_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let options = OpenOptions {
            url: format!("sqlite:{}", folder.path().join("a.db").display()),
            postgres_roots_file: None,
            encryption_keys: Vec::new(),
            connections: 1,
            role: Role::Node,
        };
        let store = Store::open(options).await.unwrap();
        let catalogue = Catalogue::new(store.clone());
        let publish = async |name, source| {
            store.publish_workflow(name, source, Timestamp::UNIX_EPOCH).await.unwrap();
            catalogue.refresh().await.unwrap();
        };
        let version = |name| catalogue.latest(name).map(|(version, _)| version);
        publish("billing", READABLE).await;
        publish("billing", UNREADABLE).await;
        assert_eq!(version("billing"), Some(1), "it stays what it was");
        publish("never", UNREADABLE).await;
        publish("other", READABLE).await;
        assert_eq!((version("never"), version("other")), (None, Some(1)));
        publish("shop", HOOKED).await;
        publish("shop", UNREADABLE).await;
        assert_eq!(catalogue.by_hook("orders").unwrap().0, "shop");
        publish("orders", HOOKED).await;
        assert_eq!(catalogue.by_hook("orders").unwrap().0, "orders", "a path that it gave up is another's");
        store.close().await;
    }
}
