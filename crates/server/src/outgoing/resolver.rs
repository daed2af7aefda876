//! Names to addresses, of which only those are left that may be reached.

use super::address::kind_of;
use crate::config::Networks;
use futures::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::SocketAddr;
use std::sync::Arc;

/// Finds the addresses of a name.
type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// What the client connects to is what this gives, so a name cannot mean one address when it is looked at and
/// another when it is used.
pub(super) struct Resolver {
    allowed: Arc<Networks>,
    lookup: Lookup,
}

/// A name that leads nowhere that may be reached.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Refused(pub(super) String);

impl Resolver {
    /// As this machine resolves names.
    pub(super) fn of_the_machine(allowed: Arc<Networks>) -> Resolver {
        Resolver::by(
            allowed,
            Arc::new(|name| {
                Box::pin(async move { Ok(tokio::net::lookup_host((name.as_str(), 0)).await?.collect()) })
            }),
        )
    }

    pub(super) fn by(allowed: Arc<Networks>, lookup: Lookup) -> Resolver {
        Resolver { allowed, lookup }
    }

    pub(super) fn allowed(&self) -> Arc<Networks> {
        self.allowed.clone()
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (allowed, looked_up) = (self.allowed.clone(), (self.lookup)(name.as_str().to_owned()));
        Box::pin(async move {
            let found = looked_up.await?;
            let refusal = found.iter().find_map(|address| kind_of(address.ip()));
            let open: Vec<SocketAddr> = found
                .into_iter()
                .filter(|address| kind_of(address.ip()).is_none() || allowed.contains(address.ip()))
                .collect();
            match (open.is_empty(), refusal) {
                (false, _) => Ok(Box::new(open.into_iter()) as Addrs),
                (true, Some(kind)) => Err(Refused(kind.words().to_owned()).into()),
                (true, None) => Err("the name has no address".into()),
            }
        })
    }
}
