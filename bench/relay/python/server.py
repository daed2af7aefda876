"""What a team writes by hand: a websocket for ConversationRelay, the official client for the model, and the history in
memory. It checks no signature and keeps nothing.

python server.py PORT MODEL-URL
"""

import json
import os
import socket
import sys

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from openai import AsyncOpenAI

app = FastAPI()
client = AsyncOpenAI(api_key="sk-bench", base_url=sys.argv[2])
SYSTEM = {"role": "system", "content": "You answer the phone of a small shop. Be brief."}
GREETING = "Hello, this is the shop. How can I help?"


@app.websocket("/relay")
async def relay(line: WebSocket) -> None:
    await line.accept()
    history = [SYSTEM]
    try:
        while True:
            message = json.loads(await line.receive_text())
            if message["type"] == "setup":
                history.append({"role": "assistant", "content": GREETING})
                await line.send_text(json.dumps({"type": "text", "token": GREETING, "last": True}))
            elif message["type"] == "prompt" and message["last"]:
                history.append({"role": "user", "content": message["voicePrompt"]})
                answer = ""
                stream = await client.chat.completions.create(
                    model="bench-model", messages=history, max_tokens=150, temperature=0.7, stream=True
                )
                async for chunk in stream:
                    token = chunk.choices[0].delta.content if chunk.choices else None
                    if token:
                        answer += token
                        await line.send_text(json.dumps({"type": "text", "token": token, "last": False}))
                await line.send_text(json.dumps({"type": "text", "token": "", "last": True}))
                history.append({"role": "assistant", "content": answer})
    except WebSocketDisconnect:
        pass


listening = socket.socket()
listening.bind(("127.0.0.1", int(sys.argv[1])))
print(f"http://127.0.0.1:{listening.getsockname()[1]} {os.getpid()}", flush=True)
server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
server.run(sockets=[listening])
