//! Twilio's wire: request and callback forms, SIDs, signatures, messaging TwiML, error codes.
