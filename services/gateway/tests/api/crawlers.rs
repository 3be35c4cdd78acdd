//! The addresses that crawlers and language models read.

use proto::catalogue::v1::product::Status;

use crate::{harness::Environment, http_client::HttpResponse};

fn text(response: &HttpResponse) -> String {
    assert_eq!(response.status, 200);
    String::from_utf8_lossy(&response.body).into_owned()
}

#[tokio::test]
async fn sitemap_has_what_is_for_sale_under_the_public_address() {
    let env = Environment::start_with(&["--public-url", "https://shop.example/"]).await;
    env.fake.put("mug", 5);
    env.fake.put("cup", 0);
    env.fake.put("draft", 1);
    env.fake.set_status("draft", Status::Draft);
    let http = env.http();
    let robots = text(&http.get("/robots.txt").await);
    assert!(robots.contains("Sitemap: https://shop.example/sitemap.xml"), "{robots}");
    let index = text(&http.get("/sitemap.xml").await);
    assert_eq!(index.matches("<loc>").count(), 1, "{index}");
    assert!(index.contains("<loc>https://shop.example/sitemaps/products-0.xml</loc>"), "{index}");
    let part = http.get("/sitemaps/products-0.xml").await;
    assert_eq!(part.header("content-type"), "application/xml");
    let part = text(&part);
    for id in ["mug", "cup"] {
        assert!(part.contains(&format!("<loc>https://shop.example/p/{id}</loc>")), "{part}");
    }
    assert!(!part.contains("draft") && part.trim_end().ends_with("</urlset>"), "{part}");
    for path in ["/sitemaps/products-1.xml", "/sitemaps/products-x.xml", "/sitemaps/a"] {
        http.get(path).await.problem(404, "ROUTE_NOT_FOUND");
    }
}

#[tokio::test]
async fn language_models_are_told_what_is_here() {
    let env = Environment::start().await;
    let llms = text(&env.http().get("/llms.txt").await);
    for path in ["/mcp", "/.well-known/ucp", "/docs", "/openapi.json", "/sitemap.xml"] {
        assert!(llms.contains(&format!("{path})")), "{path}: {llms}");
    }
}
