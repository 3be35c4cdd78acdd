//! The Rust client.

use bytes::Bytes;
use catalogue_client::{Client, Error, Result};
use futures::{StreamExt as _, TryStreamExt as _};
use prost::Message;
use serde_json::Value;

use super::{Outcomes, case::Call, messages::Messages, outcome, rpc::of_messages};

pub(super) async fn ask(url: &str, messages: &Messages, calls: &[&Call<'_>]) -> Outcomes {
    let client = Client::new(url).unwrap();
    let mut outcomes = Outcomes::new();
    for call in calls {
        let outcome = match answers(&client, call).await {
            Ok(answers) => of_messages(messages, call, Ok(answers)),
            Err(Error::Catalogue(error)) => {
                outcome::refused(&error.reason_name, error.fields.iter().map(|it| &*it.field))
            }
            Err(error) => Value::String(error.to_string()),
        };
        outcomes.insert(call.case.name.clone(), outcome);
    }
    outcomes
}

async fn answers(client: &Client, call: &Call<'_>) -> Result<Vec<Bytes>> {
    let bytes = call.message.as_slice();
    match call.method() {
        "GetProduct" => one(client.get_product(read(bytes)).await),
        "BatchGetProducts" => one(client.batch_get_products(read(bytes)).await),
        "BrowseProducts" => one(client.browse_products(read(bytes)).await),
        "ListProductRevisions" => one(client.list_product_revisions(read(bytes)).await),
        "UpdateProduct" => one(client.update_product(read(bytes)).await),
        "SearchProducts" => one(client.search_products(read(bytes)).await),
        "Search" => one(client.search(read(bytes)).await),
        "Suggest" => one(client.suggest(read(bytes)).await),
        "ExplainHit" => one(client.explain_hit(read(bytes)).await),
        "GetStock" => one(client.get_stock(read(bytes)).await),
        "GetCategory" => one(client.get_category(read(bytes)).await),
        "ListCategories" => one(client.list_categories(read(bytes)).await),
        "ListProducts" => {
            let products = client.list_products(read(bytes)).await?;
            products.map(|product| product.map(|it| encoded(&it))).try_collect().await
        }
        other => panic!("{other} is not asked of the client"),
    }
}

fn read<M: Message + Default>(bytes: &[u8]) -> M {
    M::decode(bytes).unwrap()
}

fn one<M: Message>(answer: Result<M>) -> Result<Vec<Bytes>> {
    answer.map(|answer| vec![encoded(&answer)])
}

fn encoded(message: &impl Message) -> Bytes {
    message.encode_to_vec().into()
}
