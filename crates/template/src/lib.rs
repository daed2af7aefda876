//! The message language: parse, check, render within a budget, function library.
