//! Tests of `deploy/`: the content of images, and the manifests for Kubernetes.

mod images;
mod manifests;
mod policy;
