//! SMS encodings: GSM-7 and UCS-2 tables, units, segments, and the characters that force them.
