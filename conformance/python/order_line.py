"""A small voice application for FastAPI, written as for Twilio: it takes an order by voice or keys, and records a
message. Nothing in it knows of the emulator."""

import os

from fastapi import FastAPI, HTTPException, Request, Response
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

app = FastAPI()
validator = RequestValidator(os.environ.get("TWILIO_AUTH_TOKEN", ""))


async def form_of(request):
    form = dict(await request.form())
    signature = request.headers.get("X-Twilio-Signature", "")
    if not validator.validate(str(request.url), form, signature):
        raise HTTPException(status_code=403)
    return form


def twiml(response):
    return Response(str(response), media_type="text/xml")


@app.post("/voice")
async def voice(request: Request):
    await form_of(request)
    response = VoiceResponse()
    gather = Gather(input="dtmf speech", num_digits=1, speech_timeout="auto", action="/order", hints="pizza, pasta")
    gather.say("Say pizza or pasta, or press one or two.")
    response.append(gather)
    response.say("We heard nothing. Good bye.")
    return twiml(response)


@app.post("/order")
async def order(request: Request):
    form = await form_of(request)
    choice = {"1": "pizza", "2": "pasta"}.get(form.get("Digits")) or form.get("SpeechResult", "")
    response = VoiceResponse()
    if "pizza" in choice or "pasta" in choice:
        response.say(f"One {choice} it is. Leave your address after the beep.")
        response.record(action="/address", max_length=10, timeout=2)
    else:
        response.say("We do not have that.")
        response.redirect("/voice")
    return twiml(response)


@app.post("/address")
async def address(request: Request):
    form = await form_of(request)
    response = VoiceResponse()
    response.say(f"Thank you for {form['RecordingDuration']} seconds. Good bye.")
    response.hangup()
    return twiml(response)
