//! Addresses of people and of senders.
