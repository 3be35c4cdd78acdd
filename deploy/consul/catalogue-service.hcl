# What the catalogue's token may do: register itself, and find others.
service "catalogue-service" {
  policy = "write"
}
service_prefix "" {
  policy = "read"
}
node_prefix "" {
  policy = "read"
}
