//! The domain as values: workflows, runs, messages, replies, checking.
