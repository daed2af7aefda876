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

    /// Reads what was published, also by other nodes.
    pub async fn refresh(&self) -> Result<(), HostError> {
        let _one_at_a_time = self.refreshing.lock().await;
        let mut latest = Latest::default();
        for stored in self.store.workflows().await? {
            let workflow = self.compiled(&stored.name, stored.version, &stored.source)?;
            if let Trigger::Webhook(hook) = &workflow.trigger {
                latest.by_hook.insert(hook.path.clone(), stored.name.clone());
            }
            latest.by_name.insert(stored.name, (stored.version, workflow));
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
