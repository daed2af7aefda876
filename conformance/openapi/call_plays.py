"""Plays of calls and of what they lead to: recordings, transcriptions, streams, conferences, queues.

The phones of the emulator play scripts, so that calls stay, speak, and end when a play wants them to.
"""

import contextlib
import itertools
import socket
import time

from contract import EMULATOR_URL, TIMEOUT_S
from plays import NUMBER, control

# Long enough for every play, and short enough to end by itself.
STAYS = "<Response><Pause length='120'/></Response>"
NOBODY = "http://127.0.0.1:9"

_numbers = itertools.count(5557000)


def new_phone():
    return f"+1555{next(_numbers)}"


@contextlib.contextmanager
def never_answered():
    """The address of a websocket that is never opened nor refused, so that its stream goes on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"ws://127.0.0.1:{server.getsockname()[1]}/"


class CallPlays:
    # Calls

    def call(self, twiml=STAYS, script=None, until="in-progress", **form):
        """A call that has come to a status."""
        phone = new_phone()
        script = {"pickUp": {"kind": "answer", "afterMs": 0}, **(script or {})}
        control("POST", f"/phones/{phone}/callScripts", script)
        made = self.api.call("CreateCall", {"To": phone, "From": NUMBER, "Twiml": twiml, **form})
        self.addCleanup(lambda: self.api.session.post(EMULATOR_URL + made["uri"], data={"Status": "completed"}))
        return self.until("FetchCall", lambda call: call["status"] == until, Sid=made["sid"])

    def until(self, operation_id, fits, **path_parameters):
        """The answer of an operation, once it fits."""
        deadline = time.monotonic() + TIMEOUT_S
        while not fits(answer := self.api.call(operation_id, **path_parameters)):
            self.assertLess(time.monotonic(), deadline, f"{operation_id} stayed {answer}")
            time.sleep(0.05)
        return answer

    def CreateCall(self):
        every = {
            "To": new_phone(), "From": NUMBER, "Url": "https://example.com/voice", "Method": "GET",
            "FallbackUrl": "https://example.com/fallback", "FallbackMethod": "GET",
            "StatusCallback": f"{NOBODY}/status", "StatusCallbackMethod": "GET",
            "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"], "SendDigits": "1w2#",
            "Timeout": "5", "Record": "true", "RecordingChannels": "dual", "RecordingTrack": "both",
            "RecordingStatusCallback": f"{NOBODY}/recording", "RecordingStatusCallbackMethod": "GET",
            "RecordingStatusCallbackEvent": ["in-progress", "completed"], "Trim": "do-not-trim",
            "MachineDetection": "Enable", "MachineDetectionTimeout": "20", "MachineDetectionSpeechThreshold": "2000",
            "MachineDetectionSpeechEndThreshold": "1000", "MachineDetectionSilenceTimeout": "4000",
            "AsyncAmd": "true", "AsyncAmdStatusCallback": f"{NOBODY}/amd", "AsyncAmdStatusCallbackMethod": "GET",
            "CallerId": NUMBER, "CallReason": "A reminder", "TimeLimit": "60", "SipAuthUsername": "ann",
            "SipAuthPassword": "secret", "ClientNotificationUrl": "https://example.com/notify",
        }  # fmt: skip
        call = self.api.call("CreateCall", every)
        self.assertEqual((call["status"], call["direction"], call["to"]), ("queued", "outbound-api", every["To"]))
        self.api.call("UpdateCall", {"Status": "canceled"}, Sid=call["sid"])

    def FetchCall(self):
        call = self.call()
        self.assertIsNotNone(call["start_time"])
        over = self.call(twiml="<Response><Say>Hello</Say></Response>", until="completed")
        self.assertEqual(over["duration"], "1")
        self.until("FetchCall", lambda call: call["price"] is not None, Sid=over["sid"])

    def UpdateCall(self):
        call = self.call()
        every = {
            "Twiml": "<Response><Pause length='60'/></Response>", "FallbackUrl": "https://example.com/fallback",
            "FallbackMethod": "GET", "StatusCallback": f"{NOBODY}/status", "StatusCallbackMethod": "GET",
            "TimeLimit": "600",
        }  # fmt: skip
        self.assertEqual(self.api.call("UpdateCall", every, Sid=call["sid"])["status"], "in-progress")
        ended = self.api.call("UpdateCall", {"Status": "completed"}, Sid=call["sid"])
        self.assertEqual((ended["status"], ended["sid"]), ("completed", call["sid"]))

    def ListCall(self):
        calls = [self.call(), self.call()]
        query = {"From": NUMBER, "Status": "in-progress"}
        seen = self.pages("ListCall", "calls", query, count_min=2)
        self.assertEqual({call["sid"] for call in seen}, {call["sid"] for call in calls})
        (one,) = self.api.call("ListCall", query={"To": calls[0]["to"]})["calls"]
        self.assertEqual(one, calls[0])
        self.assertEqual(self.api.call("ListCall", query={"StartTime<": "2020-01-01"})["calls"], [])
        parents = self.api.call("ListCall", query={"ParentCallSid": calls[0]["sid"]})["calls"]
        self.assertEqual(parents, [])

    def DeleteCall(self):
        call = self.call(until="completed", twiml="<Response/>")
        self.api.call("DeleteCall", Sid=call["sid"])
        listed = self.api.call("ListCall", query={"To": call["to"]})["calls"]
        self.assertEqual(listed, [])

    def ListCallEvent(self):
        call = self.call()
        self.api.call("UpdateCall", {"Twiml": STAYS}, Sid=call["sid"])
        events = self.api.call("ListCallEvent", CallSid=call["sid"])["events"]
        self.assertEqual([event["response"]["response_code"] for event in events], [200, 201])
        self.assertEqual(events[1]["request"]["parameters"]["from"], NUMBER)
        self.assertIn(call["sid"], events[1]["response"]["response_body"])
        page = self.api.call("ListCallEvent", query={"PageSize": 1}, CallSid=call["sid"])
        self.assertEqual(self.api.follow("ListCallEvent", page["next_page_uri"])["events"], events[1:])

    # Notifications of a call

    def noticed(self):
        call = self.call(twiml="<Response><Play>relative.mp3</Play><Unheard/></Response>", until="completed")
        seen = self.pages("ListCallNotification", "notifications", CallSid=call["sid"])
        self.assertEqual({each["call_sid"] for each in seen}, {call["sid"]})
        return seen

    def ListCallNotification(self):
        self.noticed()

    def FetchCallNotification(self):
        brief = self.noticed()[0]
        full = self.api.call("FetchCallNotification", CallSid=brief["call_sid"], Sid=brief["sid"])
        self.assertLessEqual(brief.items(), full.items())

    # Recordings of a call

    def recorded(self, call=None):
        call = call or self.call()
        every = {
            "RecordingStatusCallback": f"{NOBODY}/recording", "RecordingStatusCallbackMethod": "GET",
            "RecordingStatusCallbackEvent": ["in-progress", "completed"], "Trim": "do-not-trim",
            "RecordingChannels": "dual", "RecordingTrack": "inbound",
        }  # fmt: skip
        recording = self.api.call("CreateCallRecording", every, CallSid=call["sid"])
        self.assertEqual((recording["channels"], recording["track"], recording["status"]), (2, "inbound", "in-progress"))
        self.assertEqual(recording["source"], "StartCallRecordingAPI")
        return {"CallSid": call["sid"], "Sid": recording["sid"]}

    def CreateCallRecording(self):
        self.recorded()

    def FetchCallRecording(self):
        names = self.recorded()
        recording = self.api.call("FetchCallRecording", **names)
        current = self.api.call("FetchCallRecording", CallSid=names["CallSid"], Sid="Twilio.CURRENT")
        self.assertEqual(recording, current)

    def UpdateCallRecording(self):
        names = self.recorded()
        for form in [{"Status": "paused", "PauseBehavior": "skip"}, {"Status": "in-progress"}, {"Status": "paused"}]:
            current = {**names, "Sid": "Twilio.CURRENT"}
            self.assertEqual(self.api.call("UpdateCallRecording", form, **current)["status"], form["Status"])
        stopped = self.api.call("UpdateCallRecording", {"Status": "stopped"}, **names)
        self.assertIn(stopped["status"], ("stopped", "processing", "completed"))

    def ListCallRecording(self):
        call = self.call()
        made = [self.recorded(call)["Sid"], self.recorded(call)["Sid"]]
        seen = self.pages("ListCallRecording", "recordings", CallSid=call["sid"])
        self.assertEqual([recording["sid"] for recording in seen], made[::-1])

    def DeleteCallRecording(self):
        names = self.recorded()
        self.api.call("DeleteCallRecording", **names)
        self.assertEqual(self.api.call("ListCallRecording", CallSid=names["CallSid"])["recordings"], [])

    # Streams and transcriptions beside a call

    def streamed(self, call):
        every = {
            "Url": "ws://127.0.0.1:9/", "Name": "ear", "Track": "both_tracks", "StatusCallback": f"{NOBODY}/stream",
            "StatusCallbackMethod": "GET", "Parameter1.Name": "order", "Parameter1.Value": "7",
        }  # fmt: skip
        return self.api.call("CreateStream", every, CallSid=call["sid"])

    def CreateStream(self):
        stream = self.streamed(self.call())
        self.assertEqual((stream["name"], stream["status"]), ("ear", "in-progress"))

    def UpdateStream(self):
        call = self.call()
        with never_answered() as url:
            stream = self.api.call("CreateStream", {"Url": url}, CallSid=call["sid"])
            names = {"CallSid": call["sid"], "Sid": stream["sid"]}
            self.assertEqual(self.api.call("UpdateStream", {"Status": "stopped"}, **names)["status"], "stopped")

    def transcribing(self):
        call = self.call()
        every = {
            "Name": "minutes", "Track": "both_tracks", "StatusCallbackUrl": f"{NOBODY}/words",
            "StatusCallbackMethod": "GET", "InboundTrackLabel": "caller", "OutboundTrackLabel": "agent",
            "PartialResults": "true", "LanguageCode": "en-GB", "TranscriptionEngine": "google",
            "ProfanityFilter": "false", "SpeechModel": "telephony", "Hints": "pizza",
            "EnableAutomaticPunctuation": "true",
        }  # fmt: skip
        begun = self.api.call("CreateRealtimeTranscription", every, CallSid=call["sid"])
        self.assertEqual((begun["name"], begun["status"]), ("minutes", "in-progress"))
        return {"CallSid": call["sid"], "Sid": begun["sid"]}

    def CreateRealtimeTranscription(self):
        self.transcribing()

    def UpdateRealtimeTranscription(self):
        names = self.transcribing()
        stopped = self.api.call("UpdateRealtimeTranscription", {"Status": "stopped"}, **names)
        self.assertEqual((stopped["sid"], stopped["status"]), (names["Sid"], "stopped"))

    # Recordings of the account

    def finished(self):
        names = self.recorded()
        self.api.call("UpdateCallRecording", {"Status": "stopped"}, **names)
        return self.until("FetchRecording", lambda recording: recording["status"] == "completed", Sid=names["Sid"])

    def FetchRecording(self):
        recording = self.finished()
        self.assertTrue(recording["media_url"].endswith(recording["sid"]))
        self.assertIsNotNone(recording["price"])

    def ListRecording(self):
        call = self.call()
        made = {self.recorded(call)["Sid"], self.recorded(call)["Sid"]}
        seen = self.pages("ListRecording", "recordings", {"CallSid": call["sid"]})
        self.assertEqual({recording["sid"] for recording in seen}, made)

    def DeleteRecording(self):
        recording = self.finished()
        self.api.call("DeleteRecording", Sid=recording["sid"])
        listed = self.api.call("ListRecording", query={"CallSid": recording["call_sid"]})["recordings"]
        self.assertEqual(listed, [])

    def transcribed(self):
        """The transcription of what somebody said after a beep."""
        script = {"rules": [{"hears": {"beep": True}, "do": [{"say": "please call me back tomorrow", "lastsMs": 2_600}]}]}
        twiml = "<Response><Record transcribe='true' timeout='1' trim='do-not-trim'/></Response>"
        call = self.call(twiml=twiml, script=script)
        recordings = self.until("ListRecording", lambda page: of_call(page, call)).get("recordings")
        recording = next(each for each in recordings if each["call_sid"] == call["sid"])
        names = {"RecordingSid": recording["sid"]}
        page = self.until("ListRecordingTranscription", lambda page: page["transcriptions"], **names)
        (transcription,) = page["transcriptions"]
        self.assertEqual(transcription["transcription_text"], "please call me back tomorrow")
        self.assertEqual((transcription["status"], transcription["type"]), ("completed", "fast"))
        return transcription

    def ListRecordingTranscription(self):
        self.transcribed()

    def FetchRecordingTranscription(self):
        transcription = self.transcribed()
        names = {"RecordingSid": transcription["recording_sid"], "Sid": transcription["sid"]}
        self.same("FetchRecordingTranscription", transcription, **names)

    def DeleteRecordingTranscription(self):
        transcription = self.transcribed()
        names = {"RecordingSid": transcription["recording_sid"]}
        self.api.call("DeleteRecordingTranscription", Sid=transcription["sid"], **names)
        self.assertEqual(self.api.call("ListRecordingTranscription", **names)["transcriptions"], [])

    def ListTranscription(self):
        self.transcribed()
        self.transcribed()
        self.pages("ListTranscription", "transcriptions")

    def FetchTranscription(self):
        sid = self.transcribed()["sid"]
        self.assertEqual(self.api.call("FetchTranscription", Sid=sid)["sid"], sid)

    def DeleteTranscription(self):
        sid = self.transcribed()["sid"]
        self.api.call("DeleteTranscription", Sid=sid)
        listed = self.api.call("ListTranscription", query={"PageSize": 1000})["transcriptions"]
        self.assertNotIn(sid, [each["sid"] for each in listed])

    # Conferences

    def conference(self, noun="", count=2):
        """A conference with so many participants in it, the first one's call first."""
        name = f"room {new_phone()}"
        twiml = f"<Response><Dial><Conference waitUrl='' {noun}>{name}</Conference></Dial></Response>"
        calls = [self.call(twiml=twiml)["sid"] for _ in range(count)]
        page = self.until("ListConference", lambda page: self.named(page, name))
        conference = self.named(page, name)[0]
        names = {"ConferenceSid": conference["sid"]}
        self.until("ListParticipant", lambda page: len(page["participants"]) == count, **names)
        return conference["sid"], calls

    @staticmethod
    def named(page, name):
        return [each for each in page["conferences"] if each["friendly_name"] == name]

    def FetchConference(self):
        sid, _ = self.conference()
        conference = self.until("FetchConference", lambda each: each["status"] == "in-progress", Sid=sid)
        self.assertEqual(set(conference["subresource_uris"]), {"participants", "recordings"})

    def ListConference(self):
        self.conference()
        self.conference()
        self.pages("ListConference", "conferences", {"Status": "in-progress"})

    def UpdateConference(self):
        sid, calls = self.conference()
        form = {"AnnounceUrl": f"{NOBODY}/announce", "AnnounceMethod": "GET"}
        self.api.call("UpdateConference", form, Sid=sid)
        ended = self.api.call("UpdateConference", {"Status": "completed"}, Sid=sid)
        self.assertEqual(ended["reason_conference_ended"], "conference-ended-via-api")
        self.assertIn(ended["call_sid_ending_conference"], calls)

    def CreateParticipant(self):
        sid, calls = self.conference(count=1)
        every = {
            "From": NUMBER, "To": new_phone(), "StatusCallback": f"{NOBODY}/status", "StatusCallbackMethod": "GET",
            "StatusCallbackEvent": ["initiated", "completed"], "Label": "guest", "Timeout": "5", "Record": "true",
            "Muted": "true", "Beep": "onEnter", "StartConferenceOnEnter": "true", "EndConferenceOnExit": "false",
            "WaitUrl": "https://example.com/wait", "WaitMethod": "GET", "EarlyMedia": "true", "MaxParticipants": "10",
            "ConferenceRecord": "true", "ConferenceTrim": "do-not-trim",
            "ConferenceStatusCallback": f"{NOBODY}/conference", "ConferenceStatusCallbackMethod": "GET",
            "ConferenceStatusCallbackEvent": ["start", "end"], "RecordingChannels": "dual",
            "RecordingStatusCallback": f"{NOBODY}/recording", "RecordingStatusCallbackMethod": "GET",
            "Region": "us1", "ConferenceRecordingStatusCallback": f"{NOBODY}/recording",
            "ConferenceRecordingStatusCallbackMethod": "GET", "RecordingStatusCallbackEvent": ["completed"],
            "ConferenceRecordingStatusCallbackEvent": ["completed"], "Coaching": "true", "CallSidToCoach": calls[0],
            "JitterBufferSize": "small", "CallerId": NUMBER, "CallReason": "A meeting", "RecordingTrack": "both",
            "TimeLimit": "60", "MachineDetection": "Enable", "MachineDetectionTimeout": "20",
            "MachineDetectionSpeechThreshold": "2000", "MachineDetectionSpeechEndThreshold": "1000",
            "MachineDetectionSilenceTimeout": "4000", "AmdStatusCallback": f"{NOBODY}/amd",
            "AmdStatusCallbackMethod": "GET", "Trim": "do-not-trim",
        }  # fmt: skip
        coming = self.api.call("CreateParticipant", every, ConferenceSid=sid)
        self.assertEqual((coming["status"], coming["label"], coming["muted"]), ("queued", "guest", True))
        self.assertEqual((coming["conference_sid"], coming["call_sid_to_coach"]), (sid, calls[0]))
        there = self.until("FetchParticipant", lambda _: True, ConferenceSid=sid, CallSid=calls[0])
        self.assertEqual(there["status"], "connected")
        by_name = {"From": NUMBER, "To": new_phone()}
        room = f"room {new_phone()}"
        alone = self.api.call("CreateParticipant", by_name, ConferenceSid=room)
        conference = self.api.call("FetchConference", Sid=alone["conference_sid"])
        self.assertEqual((conference["friendly_name"], conference["status"]), (room, "init"))

    def FetchParticipant(self):
        sid, calls = self.conference(noun="participantLabel='chair'", count=1)
        by_call = self.api.call("FetchParticipant", ConferenceSid=sid, CallSid=calls[0])
        self.same("FetchParticipant", by_call, ConferenceSid=sid, CallSid="chair")

    def UpdateParticipant(self):
        sid, calls = self.conference()
        every = {
            "Muted": "true", "Hold": "true", "HoldUrl": f"{NOBODY}/hold", "HoldMethod": "GET",
            "EndConferenceOnExit": "true", "Coaching": "true", "CallSidToCoach": calls[1],
        }  # fmt: skip
        changed = self.api.call("UpdateParticipant", every, ConferenceSid=sid, CallSid=calls[0])
        self.assertEqual((changed["muted"], changed["hold"], changed["coaching"]), (True, True, True))
        form = {"AnnounceUrl": f"{NOBODY}/announce", "AnnounceMethod": "GET"}
        self.api.call("UpdateParticipant", form, ConferenceSid=sid, CallSid=calls[1])
        form = {"WaitUrl": f"{NOBODY}/wait", "WaitMethod": "GET", "BeepOnExit": "true"}
        self.api.call("UpdateParticipant", form, ConferenceSid=sid, CallSid=calls[1])

    def ListParticipant(self):
        sid, calls = self.conference()
        page = self.api.call("ListParticipant", query={"PageSize": 1}, ConferenceSid=sid)
        rest = self.api.follow("ListParticipant", page["next_page_uri"])
        seen = [each["call_sid"] for each in page["participants"] + rest["participants"]]
        self.assertEqual(set(seen), set(calls))
        for name in ("Muted", "Hold", "Coaching"):
            page = self.api.call("ListParticipant", query={name: "true"}, ConferenceSid=sid)
            self.assertEqual(page["participants"], [])

    def DeleteParticipant(self):
        sid, calls = self.conference()
        self.api.call("DeleteParticipant", ConferenceSid=sid, CallSid=calls[0])
        left = self.api.call("ListParticipant", ConferenceSid=sid)["participants"]
        self.assertEqual([each["call_sid"] for each in left], calls[1:])

    def conference_recorded(self):
        sid, _ = self.conference(noun="record='record-from-start'")
        page = self.until("ListConferenceRecording", lambda page: page["recordings"], ConferenceSid=sid)
        (recording,) = page["recordings"]
        self.assertEqual((recording["source"], recording["conference_sid"]), ("Conference", sid))
        return {"ConferenceSid": sid, "Sid": recording["sid"]}

    def ListConferenceRecording(self):
        self.conference_recorded()

    def FetchConferenceRecording(self):
        names = self.conference_recorded()
        recording = self.api.call("FetchConferenceRecording", **names)
        self.same("FetchConferenceRecording", recording, **{**names, "Sid": "Twilio.CURRENT"})

    def UpdateConferenceRecording(self):
        names = self.conference_recorded()
        form = {"Status": "paused", "PauseBehavior": "silence"}
        self.assertEqual(self.api.call("UpdateConferenceRecording", form, **names)["status"], "paused")
        stopped = self.api.call("UpdateConferenceRecording", {"Status": "stopped"}, **names)
        self.assertIn(stopped["status"], ("stopped", "processing", "completed"))

    def DeleteConferenceRecording(self):
        names = self.conference_recorded()
        self.api.call("DeleteConferenceRecording", **names)
        sid = names["ConferenceSid"]
        self.assertEqual(self.api.call("ListConferenceRecording", ConferenceSid=sid)["recordings"], [])

    # Queues

    def queue(self):
        form = {"FriendlyName": f"queue {new_phone()}", "MaxSize": "5"}
        queue = self.echoed("CreateQueue", form)
        self.assertEqual((queue["max_size"], queue["current_size"], queue["average_wait_time"]), (5, 0, 0))
        return queue

    def CreateQueue(self):
        self.queue()

    def FetchQueue(self):
        queue = self.queue()
        self.same("FetchQueue", queue, Sid=queue["sid"])

    def UpdateQueue(self):
        queue = self.queue()
        form = {"FriendlyName": f"queue {new_phone()}", "MaxSize": "7"}
        changed = self.echoed("UpdateQueue", form, Sid=queue["sid"])
        self.same("FetchQueue", changed, Sid=queue["sid"])

    def DeleteQueue(self):
        queue = self.queue()
        self.api.call("DeleteQueue", Sid=queue["sid"])
        listed = self.api.call("ListQueue", query={"PageSize": 1000})["queues"]
        self.assertNotIn(queue["sid"], [each["sid"] for each in listed])

    def ListQueue(self):
        self.queue()
        self.queue()
        self.pages("ListQueue", "queues")

    def waiting(self, count=1):
        queue = self.queue()
        twiml = f"<Response><Enqueue waitUrl=''>{queue['friendly_name']}</Enqueue></Response>"
        calls = [self.call(twiml=twiml)["sid"] for _ in range(count)]
        self.until("FetchQueue", lambda each: each["current_size"] == count, Sid=queue["sid"])
        return queue["sid"], calls

    def ListMember(self):
        sid, calls = self.waiting(count=2)
        page = self.api.call("ListMember", query={"PageSize": 1}, QueueSid=sid)
        rest = self.api.follow("ListMember", page["next_page_uri"])
        seen = [(each["call_sid"], each["position"]) for each in page["queue_members"] + rest["queue_members"]]
        self.assertEqual(seen, [(calls[0], 1), (calls[1], 2)])

    def FetchMember(self):
        sid, calls = self.waiting()
        member = self.api.call("FetchMember", QueueSid=sid, CallSid=calls[0])
        front = self.api.call("FetchMember", QueueSid=sid, CallSid="Front")
        self.assertEqual((front["call_sid"], member["queue_sid"]), (calls[0], sid))

    def UpdateMember(self):
        sid, calls = self.waiting()
        form = {"Url": f"{NOBODY}/out", "Method": "GET"}
        taken = self.api.call("UpdateMember", form, QueueSid=sid, CallSid="Front")
        self.assertEqual(taken["call_sid"], calls[0])
        self.assertEqual(self.api.call("ListMember", QueueSid=sid)["queue_members"], [])


def of_call(page, call):
    return [each for each in page["recordings"] if each["call_sid"] == call["sid"]]
