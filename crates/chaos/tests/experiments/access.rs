use chaos::Group;

use crate::check;

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_with_one_credential_is_held_to_its_limit() {
    check(Group::Access, "flood", 0.05).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_addresses_are_served_within_bounded_memory() {
    check(Group::Access, "addresses", 0.002).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_claims_many_addresses_has_the_limit_of_one() {
    check(Group::Access, "forged", 0.02).await;
}
