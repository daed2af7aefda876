"""A small program at the other end of a media stream, written as for Twilio: it says back what it hears, tells when
that was heard, and falls silent at a key. Nothing in it knows who calls it."""

import base64

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

SILENCE = 0xFF
# Half a second is said back at a time.
PIECES_SAID_BACK = 25

app = FastAPI()
# What each caller said, message by message.
app.state.calls = []


@app.websocket("/parrot")
async def parrot(socket: WebSocket):
    await socket.accept()
    told, heard, said = [], [], 0
    app.state.calls.append(told)
    try:
        while True:
            message = await socket.receive_json()
            told.append(message)
            if message["event"] == "media":
                payload = message["media"]["payload"]
                if set(base64.b64decode(payload)) != {SILENCE}:
                    heard.append(payload)
            if len(heard) == PIECES_SAID_BACK:
                said += 1
                sid = message["streamSid"]
                for payload in heard:
                    await socket.send_json({"event": "media", "streamSid": sid, "media": {"payload": payload}})
                await socket.send_json({"event": "mark", "streamSid": sid, "mark": {"name": f"said {said}"}})
                heard.clear()
            if message["event"] == "dtmf":
                await socket.send_json({"event": "clear", "streamSid": message["streamSid"]})
    except WebSocketDisconnect:
        pass
