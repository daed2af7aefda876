//! Queues of calls: `<Enqueue>` and `<Queue>`.

use super::part::{UNKNOWN, one_of, part};
use super::reading::Reading;
use crate::words::HttpMethod;
use crate::xml;

/// The most characters of a queue's name.
pub const QUEUE_NAME_LENGTH_MAX: usize = 64;

part! {
    /// Wait in a queue until somebody takes the call.
    pub struct Enqueue = "Enqueue" {
        /// Where the result is told, and the next document is; the next verb runs unless given.
        pub action: Option<String> = "action",
        /// How it is told.
        pub method: Option<HttpMethod> = "method",
        /// What is heard meanwhile; music unless given.
        pub wait_url: Option<String> = "waitUrl",
        /// How it is asked for.
        pub wait_url_method: Option<HttpMethod> = "waitUrlMethod",
        /// How many may wait where the queue is made by this, 100 unless given.
        pub max_queue_size: Option<u32> = "maxQueueSize" in 1..=5000,
        /// The workflow of TaskRouter that finds somebody, in the place of a name.
        pub workflow_sid: Option<String> = "workflowSid",
    }
    text
    /// The queue's name, 1 to 64 characters.
    name
    holds
    /// What TaskRouter is told.
    tasks: TaskOnly
    check check_enqueue
}

one_of! {
    /// What stands in `<Enqueue>`.
    pub enum TaskOnly {
        /// What TaskRouter is told.
        Task(Task),
    }
}

part! {
    /// What TaskRouter is told of a call.
    pub struct Task = "Task" {
        /// How urgent it is.
        pub priority: Option<u32> = "priority",
        /// How long it may wait, in seconds.
        pub timeout_s: Option<u32> = "timeout",
    }
    text
    /// A JSON object of attributes.
    attributes
    check check_task
}

part! {
    /// The call that waits longest in a queue.
    pub struct Queue = "Queue" {
        /// A document for who waited, before they are connected.
        pub url: Option<String> = "url",
        /// How it is asked for.
        pub method: Option<HttpMethod> = "method",
        /// A reservation of TaskRouter, in the place of a name.
        pub reservation_sid: Option<String> = "reservationSid",
        /// What the worker does afterwards.
        pub post_work_activity_sid: Option<String> = "postWorkActivitySid",
    }
    text
    /// The queue's name.
    name
}

impl Enqueue {
    /// Waits in the queue of this name.
    pub fn named(name: impl Into<String>) -> Enqueue {
        Enqueue { name: name.into(), ..Enqueue::default() }
    }
}

impl Queue {
    /// The queue of this name.
    pub fn named(name: impl Into<String>) -> Queue {
        Queue { name: name.into(), ..Queue::default() }
    }
}

fn check_enqueue(enqueue: Enqueue, _: &xml::Element, reading: &mut Reading) -> Option<Enqueue> {
    if let Some(workflow) = &enqueue.workflow_sid {
        if !workflow.starts_with("WW") {
            reading.warn(14220, "<Enqueue> has a workflowSid that is none".to_owned());
        }
        return Some(enqueue);
    }
    let length = enqueue.name.chars().count();
    if (1..=QUEUE_NAME_LENGTH_MAX).contains(&length) {
        return Some(enqueue);
    }
    reading.warn(UNKNOWN, format!("<Enqueue> has a name of {length} characters"));
    None
}

fn check_task(task: Task, _: &xml::Element, reading: &mut Reading) -> Option<Task> {
    if serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&task.attributes).is_err() {
        reading.warn(14221, "<Task> is not a JSON object".to_owned());
    }
    Some(task)
}
