//! The simulator's TCP door for clients that are programs of their own.

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, SystemTime};

use aws_sim::World;

/// Long enough for a client to see a verification in progress.
const VERIFICATION: Duration = Duration::from_millis(300);

/// A world in real time, and the address where it is served until the test's process ends.
pub fn open() -> (World, SocketAddr) {
    let world = World::new(SystemTime::now);
    world.set(|knobs| knobs.verification = VERIFICATION);
    let (told, address) = mpsc::channel();
    let served = world.clone();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            told.send(listener.local_addr().expect("its address")).expect("the test waits for the address");
            let _ = aws_sim::serve(served, listener).await;
        });
    });
    (world, address.recv().expect("the simulator starts"))
}
