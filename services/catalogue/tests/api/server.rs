//! What only a database that is a server has: a network, a password, other users.

use std::path::Path;

use crate::support::{config, failure};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_answer_is_said_in_one_line() {
    // Bound, so that nobody else is there, but nobody listens.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("postgres://me:secret@{}/catalogue", socket.local_addr().unwrap());
    let mut config = config(Path::new("unused"), Some(&url));
    config.database.wait = 1;
    let failure = failure(config).await;
    assert!(failure.contains("is it running") && !failure.contains("secret"), "{failure}");
}
