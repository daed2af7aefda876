//! The binary: configuration, REST API, webhooks, clients, wiring, command line.
