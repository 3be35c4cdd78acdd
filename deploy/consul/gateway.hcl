# What the token of the gateway may do: register itself, and find others.
service "gateway" {
  policy = "write"
}
service_prefix "" {
  policy = "read"
}
node_prefix "" {
  policy = "read"
}
