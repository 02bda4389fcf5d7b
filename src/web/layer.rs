//! The layer around the routes.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::header::SET_COOKIE;
use http::{HeaderMap, Request, Response};
use tower_layer::Layer;
use tower_service::Service;
use tracing::Instrument as _;

use super::{Error, Sessions};
use crate::store::{self, Registry, Store};

/// Gives each request its sessions, and saves before the response leaves what was changed of them.
///
/// A request that asks for no session costs nothing, and one that only reads it one statement. Saving that has begun comes to
/// its end, also when the browser does not wait for the response.
#[derive(Clone, Debug)]
pub struct SessionLayer {
    store: Store,
    name: Arc<str>,
}

/// What [`SessionLayer`] makes of a service.
#[derive(Clone, Debug)]
pub struct SessionService<S> {
    inner: S,
    layer: SessionLayer,
}

impl SessionLayer {
    /// Makes the layer of a store. `name` is that of the session, and of its cookie, which a handler gets that asks for no
    /// other.
    ///
    /// # Panics
    ///
    /// If the name cannot be a cookie's: it would fail every request.
    #[must_use]
    #[track_caller]
    pub fn new(store: Store, name: &str) -> Self {
        assert!(crate::session::cookie::is_name(name), "{name:?} cannot be the name of a cookie");
        Self { store, name: name.into() }
    }
}

/// Saves what was changed, in a task of its own: a browser that leaves meanwhile takes the request with it, but not half of
/// what the handler did.
async fn to_its_end(registry: Arc<Registry>) -> (Result<(), store::Error>, HeaderMap) {
    let saving = async move {
        let mut saved = HeaderMap::new();
        (registry.commit(&mut saved).await, saved)
    };
    match tokio::spawn(saving.in_current_span()).await {
        Ok(ended) => ended,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is ending, and this request with it.
            Err(_) => std::future::pending().await,
        },
    }
}

impl<S> Layer<S> for SessionLayer {
    type Service = SessionService<S>;

    fn layer(&self, inner: S) -> SessionService<S> {
        SessionService { inner, layer: self.clone() }
    }
}

impl<S, B, R> Service<Request<B>> for SessionService<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    B: Send + 'static,
    R: From<String> + Send,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        // The one that was asked whether it is ready, and not its clone.
        let inner = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, inner);
        let SessionLayer { store, name } = &self.layer;
        let registry = Arc::new(Registry::new(store.clone(), request.headers()));
        request.extensions_mut().insert(Sessions { registry: Arc::clone(&registry), name: Arc::clone(name) });
        Box::pin(async move {
            let mut response = inner.call(request).await?;
            // What a handler did before it failed is half of something.
            if response.status().is_server_error() {
                return Ok(response);
            }
            let (outcome, saved) = to_its_end(registry).await;
            if let Err(error) = outcome {
                response = Error::from(error).respond();
            }
            // Also where one could not be saved: those before it are, under ids that the browser has to know.
            for cookie in saved.get_all(SET_COOKIE) {
                response.headers_mut().append(SET_COOKIE, cookie.clone());
            }
            Ok(response)
        })
    }
}
