//! Published agents, ready to talk.

use crate::error::HostError;
use engine::agent::Agent;
use engine::call::AgentRef;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use store::record::AgentVersion;
use store::{Store, StoreError};

/// Loads versions once and keeps them: a published version never changes.
pub struct Agents {
    store: Store,
    versions: RwLock<HashMap<String, HashMap<u32, Arc<Agent>>>>,
    latest: RwLock<HashMap<String, u32>>,
}

/// What the names of agents begin with that stand in a block: their content makes the rest. No published agent
/// may be called so.
pub const INLINE: &str = "inline:";

impl Agents {
    pub(crate) fn new(store: Store) -> Agents {
        Agents { store, versions: RwLock::default(), latest: RwLock::default() }
    }

    /// Forgets which versions are the latest: they are read anew when they are asked for.
    pub(crate) fn refresh(&self) {
        self.latest.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The agent of this version.
    ///
    /// # Errors
    /// Where it was never published, or cannot be read.
    pub async fn version(&self, of: &AgentVersion) -> Result<Arc<Agent>, HostError> {
        if let Some(known) = self.known(of) {
            return Ok(known);
        }
        let stored = self.store.agent(&of.name, Some(of.version)).await?;
        let stored = stored.ok_or(HostError::NotFound { what: "agent version" })?;
        self.compiled(of, &stored.source)
    }

    /// The latest version of an agent by its name; nothing where none is published.
    ///
    /// # Errors
    /// Where the database or what is stored cannot be read.
    pub async fn latest(&self, name: &str) -> Result<Option<(AgentVersion, Arc<Agent>)>, HostError> {
        let number = self.latest.read().unwrap_or_else(PoisonError::into_inner).get(name).copied();
        if let Some(version) = number {
            let of = AgentVersion { name: name.to_owned(), version };
            let agent = self.version(&of).await?;
            return Ok(Some((of, agent)));
        }
        let Some(stored) = self.store.agent(name, None).await? else { return Ok(None) };
        let of = AgentVersion { name: stored.name, version: stored.version };
        let agent = self.compiled(&of, &stored.source)?;
        let mut latest = self.latest.write().unwrap_or_else(PoisonError::into_inner);
        latest.insert(of.name.clone(), of.version);
        Ok(Some((of, agent)))
    }

    /// The agent that a block names, or holds. One that stands in a block is kept under a name made of its
    /// content, so that conversations can name it too.
    pub(crate) async fn of_block(
        &self,
        agent: &AgentRef,
        now: Timestamp,
    ) -> Result<Option<(AgentVersion, Arc<Agent>)>, HostError> {
        let source = match agent {
            AgentRef::Named(name) => return self.latest(name).await,
            AgentRef::Inline(value) => value.to_string(),
        };
        let hash: String =
            Sha256::digest(&source).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let of = AgentVersion { name: format!("{INLINE}{hash}"), version: 1 };
        if let Some(known) = self.known(&of) {
            return Ok(Some((of, known)));
        }
        self.store.publish_agent(&of.name, &source, now).await?;
        let agent = self.compiled(&of, &source)?;
        Ok(Some((of, agent)))
    }

    fn known(&self, of: &AgentVersion) -> Option<Arc<Agent>> {
        let versions = self.versions.read().unwrap_or_else(PoisonError::into_inner);
        versions.get(&of.name)?.get(&of.version).cloned()
    }

    fn compiled(&self, of: &AgentVersion, source: &str) -> Result<Arc<Agent>, HostError> {
        let loaded = engine::agent::load(source, Some(&of.name));
        let Some(agent) = loaded.agent else {
            // It was fit when it was published, by a version that knew other rules.
            let source = loaded.diagnostics.first().map_or_else(String::new, |first| first.message.clone());
            return Err(StoreError::Corrupt { what: "agent", source: source.into() }.into());
        };
        let agent = Arc::new(agent);
        let mut versions = self.versions.write().unwrap_or_else(PoisonError::into_inner);
        versions.entry(of.name.clone()).or_default().insert(of.version, agent.clone());
        Ok(agent)
    }
}
