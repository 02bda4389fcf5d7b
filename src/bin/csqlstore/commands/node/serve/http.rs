//! Connections that speak HTTP: their limits, and how they end.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::answer::{Asked, answer};
use super::view::Served;
use crate::stop::Stop;

/// As many connections are talked to at once; others wait to be accepted.
const CONNECTIONS: usize = 256;
/// A request has no more bytes before its body.
const HEADER_BYTES: usize = 8 * 1024;
/// A request's header has arrived within this time.
const HEADER_TIME: Duration = Duration::from_secs(5);
/// A connection on which nothing is asked for this long is closed, though its client may still be taking its answer.
const IDLE: Duration = Duration::from_secs(5);
/// The same once half of the connections are taken: those who wait are served before those who only hold on.
const IDLE_IF_CROWDED: Duration = Duration::from_secs(1);
/// What was begun has this long to end.
const GRACE: Duration = Duration::from_secs(3);

/// Answers until it is asked to stop, and then what was asked before.
pub(super) async fn serve(listener: TcpListener, served: Arc<Served>, stop: Stop) {
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    accept(listener, &slots, stop.clone(), |stream, stop| talk(stream, Arc::clone(&served), Arc::clone(&slots), stop))
        .await;
}

/// Accepts connections, as many at once as there are slots, until it is asked to stop; then waits for those that are open.
pub(super) async fn accept<F: Future<Output = ()> + Send + 'static>(
    listener: TcpListener,
    slots: &Arc<Semaphore>,
    stop: Stop,
    talk: impl Fn(TcpStream, Stop) -> F,
) {
    let mut open = JoinSet::new();
    let stopped = stop.requested();
    tokio::pin!(stopped);
    loop {
        let slot = tokio::select! {
            slot = Arc::clone(slots).acquire_owned() => slot,
            _ = &mut stopped => break,
        };
        // Nobody closes it.
        let Ok(slot) = slot else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stopped => break,
        };
        while open.try_join_next().is_some() {}
        match accepted {
            Ok((stream, _)) => {
                let talk = talk(stream, stop.clone());
                open.spawn(async move {
                    talk.await;
                    drop(slot);
                });
            }
            // The client is gone again, or there are no more files to be had: those that are open will end.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

async fn talk(stream: TcpStream, served: Arc<Served>, slots: Arc<Semaphore>, stop: Stop) {
    // Small answers leave at once; whether that can be set changes nothing else.
    let _ = stream.set_nodelay(true);
    let (asked, last) = watch::channel(Instant::now());
    let service = service_fn(move |request: Request<Incoming>| {
        asked.send_replace(Instant::now());
        let answers = served.answers.fetch_add(1, Ordering::Relaxed) + 1;
        let asked = Asked { method: request.method(), path: request.uri().path(), headers: request.headers() };
        let answer = answer(&asked, served.token.as_ref(), || served.view(), answers);
        std::future::ready(Ok::<_, Infallible>(answer))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_header_size(HEADER_BYTES)
        .max_buf_size(2 * HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let stopped = stop.requested();
    tokio::pin!(stopped);
    let mut leaving: Option<Instant> = None;
    let mut tick = tokio::time::interval(Duration::from_millis(250));
    loop {
        tokio::select! {
            // How it ended is the client's business: it has gone, or was told what was wrong with its request.
            _ = connection.as_mut() => return,
            _ = &mut stopped, if leaving.is_none() => {
                leaving = Some(Instant::now());
                connection.as_mut().graceful_shutdown();
            }
            _ = tick.tick() => match leaving {
                Some(since) if since.elapsed() > GRACE => return,
                Some(_) => {}
                None => {
                    let crowded = slots.available_permits() < CONNECTIONS / 2;
                    if last.borrow().elapsed() > if crowded { IDLE_IF_CROWDED } else { IDLE } {
                        leaving = Some(Instant::now());
                        connection.as_mut().graceful_shutdown();
                    }
                }
            }
        }
    }
}
