//! Tests of `deploy/`: what images contain, and what Kubernetes would be given.

mod images;
mod manifests;
mod policy;
