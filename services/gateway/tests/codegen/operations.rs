//! Describes methods as operations: parameters, bodies and responses.

use ::contract::HttpRule;
use protox::prost_reflect::{FieldDescriptor, Kind, MethodDescriptor};
use serde_json::{Map, Value, json};

use crate::{
    comments,
    contract::{Comment as _, Contract},
    limits, problems,
    schemas::{
        Direction::{Input, Output},
        Schemas,
    },
};

/// Not described: the path belongs to the same method of the search service.
const OMITTED: &str = "catalogue.v1.CatalogueService.SearchProducts";

/// The description of a stream that the overlay has none of.
const STREAM: &str = "A message a line, or by `Accept` as server-sent events. `message`: data is one. `end`: that was all. \
                      `problem`: data is a Problem, and the stream ends. Lines that break off are not complete.";

/// The description of a WebSocket.
const SOCKET: &str = "A WebSocket, over HTTP/1.1. Text messages are messages as JSON, of the client at most 64 KiB long. It is \
                      closed with 1000 at the end, with 1001 when the gateway stops, and with 4000 and the status of a \
                      problem, such as 4400, with its reason in the text.";

pub(crate) struct Operation {
    id: String,
    method: MethodDescriptor,
    rule: HttpRule,
    /// The request fields in the path, such as `product.id`.
    variables: Vec<String>,
    required_scope: String,
}

/// All operations of the contract.
pub(crate) fn all(contract: &Contract) -> Vec<Operation> {
    let methods = contract.methods().into_iter().filter(|method| method.full_name() != OMITTED);
    let operations = methods.flat_map(|method| {
        let rules = contract.rules(&method).into_iter().enumerate();
        let operation = |(at, rule): (usize, HttpRule)| Operation {
            // Additional bindings are numbered from 2 on.
            id: lower_first(method.name())
                + &if at == 0 { String::new() } else { (at + 1).to_string() },
            variables: rule.variables().map(str::to_owned).collect(),
            rule,
            required_scope: contract.required_scope(&method),
            method: method.clone(),
        };
        rules.map(operation).collect::<Vec<_>>()
    });
    operations.collect()
}

impl Operation {
    /// The path, the HTTP method, and the operation object. `overlay` is what will be laid over the document.
    pub(crate) fn describe(
        &self,
        schemas: &mut Schemas,
        overlay: &Value,
    ) -> (String, String, Value) {
        let (path, method) = (self.rule.path(), self.rule.method.to_lowercase());
        let has_content =
            overlay["paths"][&path][&method]["responses"]["200"]["content"].is_object();
        let (summary, description) = comments::split(&self.method.comment());
        let mut operation = json!({
            "operationId": self.id,
            "tags": [self.tag()],
            "summary": summary,
            "parameters": self.parameters(schemas),
            "responses": self.responses(schemas, has_content),
        });
        operation["security"] = match self.required_scope.as_str() {
            // Nothing is needed; a key shows more.
            "read" => json!([{}, { "key": ["read"] }]),
            scope => json!([{ "key": [scope] }]),
        };
        if let Some(items) = self.page_items() {
            operation["x-page-items"] = json!(items);
        }
        if !description.is_empty() {
            operation["description"] = json!(description);
        }
        if let Some(body) = self.body(schemas) {
            operation["requestBody"] = body;
        }
        (path, method, operation)
    }

    /// The field of the response with the items of a page, which is its first (AIP-158).
    fn page_items(&self) -> Option<String> {
        self.field("page_token")?;
        let response = self.method.output();
        response.get_field_by_name("next_page_token")?;
        Some(response.get_field(1)?.json_name().to_owned())
    }

    fn tag(&self) -> &'static str {
        match self.method.parent_service().name() {
            "CatalogueService" | "TransferService" => "products",
            "CategoryService" => "categories",
            "StockService" => "stock",
            "FeedService" => "changes",
            "KeyService" => "keys",
            "AuditService" => "audit",
            "SettingService" => "settings",
            "SearchService" | "SearchAdminService" => "search",
            other => panic!("{other} has no tag: choose one"),
        }
    }

    fn is_read(&self) -> bool {
        self.rule.method == "GET"
    }

    /// Whether it is used by WebSocket.
    fn is_socket(&self) -> bool {
        self.method.is_client_streaming()
    }

    fn is_in_path(&self, field: &FieldDescriptor) -> bool {
        self.variables.iter().any(|variable| variable == field.name())
    }

    fn field(&self, name: &str) -> Option<FieldDescriptor> {
        self.method.input().get_field_by_name(name)
    }

    /// Whether the response has an etag.
    fn is_versioned(&self) -> bool {
        self.method.output().get_field_by_name("etag").is_some()
            && !self.method.is_server_streaming()
    }

    /// Whether the operation supports `If-Match`.
    fn is_conditional(&self) -> bool {
        let parent = self.variables.iter().find_map(|variable| variable.split_once('.'));
        let resource = parent.and_then(|(parent, _)| self.field(parent));
        let resource = resource.and_then(|field| field.kind().as_message().cloned());
        let message = resource.unwrap_or_else(|| self.method.input());
        !self.is_read() && message.get_field_by_name("etag").is_some()
    }

    fn parameters(&self, schemas: &mut Schemas) -> Vec<Value> {
        let mut parameters = Vec::new();
        if self.is_socket() {
            return parameters;
        }
        let names = self.rule.path();
        let names = names.split('{').skip(1).filter_map(|part| part.split('}').next());
        for (name, variable) in names.zip(&self.variables) {
            parameters.push(in_path(name, variable));
        }
        if self.rule.body != "*" {
            let is_parameter = |field: &FieldDescriptor| {
                field.name() != self.rule.body && !self.is_in_path(field) && is_text(field)
            };
            let fields = self.method.input().fields().filter(is_parameter).collect::<Vec<_>>();
            for field in &fields {
                let mut parameter = query(field, schemas);
                if let Some(pattern) = self.mask_pattern().filter(|_| field.name() == "update_mask")
                {
                    parameter["schema"]["pattern"] = json!(pattern);
                }
                if field.name() == "query" {
                    parameters.push(alias("q", &parameter));
                }
                parameters.push(parameter);
            }
        }
        let mut header = |name: &str| {
            parameters.push(json!({ "$ref": format!("#/components/parameters/{name}") }));
        };
        if self.is_read() && self.is_versioned() {
            header("ifNoneMatch");
        }
        if self.is_conditional() {
            header("ifMatch");
        }
        if self.field("request_id").is_some() {
            header("idempotencyKey");
            header("actor");
        }
        parameters
    }

    /// The pattern of a mask: names of the fields that can be written, of the resource in the body.
    fn mask_pattern(&self) -> Option<String> {
        let resource = self.field(&self.rule.body)?.kind().as_message()?.clone();
        let is_writable = |field: &FieldDescriptor| {
            let is_identity = ["id", "etag", "parent_id"].contains(&field.name());
            !is_identity && !field.comment().contains("Output")
        };
        let names: Vec<_> = resource
            .fields()
            .filter(is_writable)
            .map(|field| field.json_name().to_owned())
            .collect();
        let name = names.join("|");
        Some(format!("^(({name})(,({name}))*)?$"))
    }

    fn body(&self, schemas: &mut Schemas) -> Option<Value> {
        let message = match self.rule.body.as_str() {
            "" => return None,
            "*" => self.method.input(),
            field => self.field(field)?.kind().as_message()?.clone(),
        };
        // A whole request may be omitted if no field has to be given; a resource may not.
        let is_required = self.rule.body != "*"
            || limits::of_message(message.name()).get("anyOf").is_some()
            || message.fields().any(|field| limits::is_required(message.name(), field.name()));
        let mut schema = schemas.reference(&message, Input);
        // A resource that is created.
        if self.rule.method == "POST"
            && self.rule.body != "*"
            && message.get_field_by_name("name").is_some()
        {
            schema["required"] = json!(["name"]);
        }
        Some(json!({
            "required": is_required,
            "content": { "application/json": { "schema": schema } },
        }))
    }

    /// The responses. `has_content`: the overlay has that of the stream.
    fn responses(&self, schemas: &mut Schemas, has_content: bool) -> Value {
        if self.is_socket() {
            return self.socket(schemas);
        }
        let is_custom = self.rule.template.contains(':');
        let is_creation = self.rule.method == "POST" && self.variables.is_empty() && !is_custom;
        let mut response = json!({ "description": if is_creation { "Created." } else { "Done." } });
        if self.is_read() {
            response["description"] = json!("The answer.");
        }
        if !self.method.is_server_streaming() {
            let schema = schemas.reference(&self.method.output(), Output);
            response["content"] = json!({ "application/json": { "schema": schema } });
        } else if !has_content {
            let text = |kind: &str| json!({ "type": "string", "contentMediaType": kind });
            let lines = schemas.reference(&self.method.output(), Output);
            response["content"] = json!({
                "application/x-ndjson": { "schema": text("application/x-ndjson"), "x-lines": lines },
                "text/event-stream": { "schema": text("text/event-stream") },
            });
            response["description"] = json!(STREAM);
        }
        let headers = self.headers(is_creation);
        if !headers.is_empty() {
            response["headers"] = json!(headers);
        }
        let status = if is_creation { "201" } else { "200" };
        let mut responses = Map::from_iter([(status.to_owned(), response)]);
        if self.is_read() && self.is_versioned() {
            responses.insert("304".to_owned(), component("NotModified"));
        }
        if is_creation && self.field("validate_only").is_some() {
            let mut checked = responses[status].clone();
            checked["description"] = json!("With `validateOnly`: what would be created.");
            responses.insert("200".to_owned(), checked);
        }
        for status in self.problems() {
            responses.insert(status.to_string(), component(problems::response(status)));
        }
        json!(responses)
    }

    /// The responses of a WebSocket.
    fn socket(&self, schemas: &mut Schemas) -> Value {
        let mut responses = json!({ "101": {
            "description": SOCKET,
            "x-client-messages": schemas.reference(&self.method.input(), Input),
            "x-server-messages": schemas.reference(&self.method.output(), Output),
        }});
        for status in self.problems().into_iter().chain([426]) {
            responses[status.to_string()] = component(problems::response(status));
        }
        responses
    }

    /// The statuses of its problems.
    fn problems(&self) -> Vec<u16> {
        let mut statuses = vec![400, 401, 403, 421, 429, 431, 500, 501, 503, 504];
        let has = |names: &[&str]| names.iter().any(|name| self.field(name).is_some());
        if !self.variables.is_empty() || has(&["category_id", "parent_id"]) || !self.is_read() {
            statuses.push(404);
        }
        if !self.is_read() || has(&["min_revision", "cursor"]) {
            statuses.push(409);
        }
        if self.is_conditional() {
            statuses.push(412);
        }
        if !self.is_read() {
            // A DELETE may have a body, too.
            statuses.extend([408, 413, 415, 507]);
        }
        statuses
    }

    fn headers(&self, is_creation: bool) -> Map<String, Value> {
        let has = |name: &str| self.method.output().get_field_by_name(name).is_some();
        let mut headers = Map::new();
        let mut add = |name: &str| {
            let reference = json!({ "$ref": format!("#/components/headers/{name}") });
            headers.insert(name.to_owned(), reference);
        };
        if self.is_versioned() {
            add("ETag");
        }
        if is_creation && has("id") {
            add("Location");
        }
        if !self.is_read() && has("revision_token") {
            add("Revision-Token");
        }
        headers
    }
}

/// The operation that replaces a product, made of the one that changes some of its fields.
pub(crate) fn replacement(patch: &Value) -> Value {
    let mut put = patch.clone();
    let parameters = put["parameters"].as_array_mut().expect("every operation has parameters");
    parameters.retain(|parameter| parameter["name"] != "updateMask");
    // A field that is not in the body is cleared, and a name must not be.
    put["requestBody"]["content"]["application/json"]["schema"]["required"] = json!(["name"]);
    put
}

/// Whether a field can be in an address.
fn is_text(field: &FieldDescriptor) -> bool {
    match field.kind() {
        Kind::Message(message) => message.full_name().starts_with("google.protobuf."),
        _ => true,
    }
}

/// A request field as a parameter of this name in the path.
fn in_path(name: &str, variable: &str) -> Value {
    let mut schema = json!({ "type": "string", "minLength": 1, "maxLength": 128 });
    let field = variable.rsplit('.').next().unwrap_or(variable);
    limits::add(&mut schema, limits::of_path(field));
    let description = match variable.split_once('.').map_or(variable, |(first, _)| first) {
        "reservation_id" => "The reservation's id.",
        "category_id" | "category" => "The category's id.",
        "import_id" => "The import's id.",
        "key_id" => "The key's id.",
        _ if name != "id" => "",
        _ => "The product's id.",
    };
    json!({ "name": name, "in": "path", "required": true, "description": description, "schema": schema })
}

/// A parameter under another name, which comes before it.
fn alias(name: &str, parameter: &Value) -> Value {
    let mut alias = parameter.clone();
    alias["name"] = json!(name);
    let also = format!("The same as `{}`; give one of them.", parameter["name"].as_str().unwrap());
    let described = parameter["description"].as_str().unwrap_or_default();
    alias["description"] = json!(format!("{described} {also}").trim());
    alias
}

fn component(response: &str) -> Value {
    json!({ "$ref": format!("#/components/responses/{response}") })
}

/// A request field as a query parameter. 64-bit integers are plain numbers there.
fn query(field: &FieldDescriptor, schemas: &mut Schemas) -> Value {
    let mut schema = schemas.field(field, Input);
    let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
    if schema["format"] == "int64" {
        schema["type"] = json!("integer");
        schema.as_object_mut().expect("a schema is an object").remove("pattern");
        let least = schema.get("minimum").cloned().unwrap_or(json!(i64::MIN));
        limits::add(&mut schema, json!({ "minimum": least, "maximum": i64::MAX }));
    }
    let mut parameter = json!({ "name": field.json_name(), "in": "query", "schema": schema });
    if let Some(description) = description {
        parameter["description"] = description;
    }
    if field.is_list() {
        parameter["style"] = json!("form");
        parameter["explode"] = json!(true);
    }
    parameter
}

fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}
