//! A pretend Twilio: REST, phones, callbacks, faults.
