//! Who asks, and what they may do.

use super::Asking;
use super::problem::{Problem, ProblemCode};
use crate::config::Networks;
use crate::tokens::{self, Scope};
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::id::TokenId;
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{Extensions, HeaderMap};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};
use subtle::ConstantTimeEq as _;

/// Whoever holds the token of a request.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) token: TokenId,
    /// What the token is called.
    pub(crate) name: String,
    scopes: Vec<Scope>,
}

impl Caller {
    fn has(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope) || self.scopes.contains(&Scope::Admin)
    }
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident $scope:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub(super) struct $name;

        impl<S: Send + Sync> FromRequestParts<S> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
                allowed(&parts.extensions, Scope::$scope).map(|()| $name)
            }
        }
    )*};
}

permissions! {
    /// The caller may read everything but secrets.
    MayRead Read;
    /// The caller may start runs and send texts.
    MayRun Run;
    /// The caller may do everything.
    MayAdminister Admin;
}

fn allowed(extensions: &Extensions, scope: Scope) -> Result<(), Problem> {
    let Some(caller) = extensions.get::<Caller>() else {
        return Err(Problem::new(ProblemCode::Unauthenticated, "the request has no token"));
    };
    if !caller.has(scope) {
        let detail = format!("the token {:?} does not have the scope {}", caller.name, scope.as_str());
        return Err(Problem::new(ProblemCode::Forbidden, detail));
    }
    Ok(())
}

/// Lets a request through whose token is known, and tells the handlers whose it is.
pub(super) async fn authenticate(State(asking): State<Asking>, mut request: Request, next: Next) -> Response {
    let address = address(&request, &asking.app.config.trusted_proxies);
    let token = bearer(request.headers()).map(tokens::hash);
    match caller(&asking, token, address).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Whose token it is, by its hash.
async fn caller(asking: &Asking, hash: Option<String>, address: IpAddr) -> Result<Caller, Problem> {
    let now = Instant::now();
    let Some(hash) = hash else {
        return Err(Problem::new(ProblemCode::Unauthenticated, "the request has no token"));
    };
    let limits = &asking.limits;
    // Whoever has a good token is not kept out by a neighbour who guesses.
    if !limits.requests.knows(&hash) {
        limits.bad_tokens.look(&address, now).map_err(too_many)?;
    }
    let known = asking.app.store.token_by_hash(&hash).await?;
    let known = known.filter(|known| bool::from(known.hash.as_bytes().ct_eq(hash.as_bytes())));
    let Some(known) = known.filter(|known| known.revoked_at.is_none()) else {
        limits.bad_tokens.take(address, now).map_err(too_many)?;
        return Err(Problem::new(ProblemCode::BadToken, "no valid token is written like this"));
    };
    limits.requests.take(hash, now).map_err(too_many)?;
    let scopes = known.scopes.iter().filter_map(|scope| Scope::parse(scope)).collect();
    Ok(Caller { token: known.id, name: known.name, scopes })
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

fn too_many(wait: Duration) -> Problem {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    Problem::new(ProblemCode::TooManyRequests, format!("ask again in {seconds} s")).retry_after_s(seconds)
}

/// The caller's address; behind proxies that are trusted, the one that the outermost of them saw.
fn address(request: &Request, trusted: &Networks) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let mut address = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    let forwarded =
        request.headers().get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let mut hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
    while trusted.contains(address) {
        match hops.pop().and_then(|hop| hop.parse().ok()) {
            Some(before) => address = before,
            None => break,
        }
    }
    address.to_canonical()
}
