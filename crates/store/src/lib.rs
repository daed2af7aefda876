//! All SQL, for SQLite and PostgreSQL; tasks and leases; encryption at rest.
