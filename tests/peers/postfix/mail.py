"""The mails of the peer test, and who sends them: mail.py COMMAND ARGUMENTS..."""

import json
import smtplib
import socket
import sys
import urllib.request

HEAD = b"From: Ann <ann@shop.example>\r\nTo: bob@soc.example\r\nDate: Tue, 3 Mar 2026 14:05:06 +0000\r\n"

MAILS = {
    "benign": b"X-Winnow-Route: forged\r\nx-winnow-score : forged\r\nX-WINNOW-DECISION: forged\r\n"
              b"X-Winnow-Route: forged\r\n" + HEAD + b"Subject: benign\r\nX-Winnow-Route: forged\r\n\tand folded\r\n\r\n"
              b"The minutes are in the usual place.\r\n",
    "phish": HEAD + b"Subject: phish\r\nContent-Type: text/html\r\n\r\n<form action=\"https://pay.example/\">"
             b"Your mailbox is full. <input type=\"password\" name=\"p\"></form>\r\n",
    "long-field": HEAD + b"Subject: long-field\r\nX-Path:" + b"".join(b" %060d\r\n" % i for i in range(1500)) + b"\r\nx\r\n",
    "bytes": HEAD + b"Subject: bytes\r\nX-Name: caf\xe9 \xff\r\n\r\n\x00\x01\xfe lone \r and nul \x00\r\n..\r\n",
    "hidden": HEAD + b"Subject: hidden\rX-Winnow-Route: forged\r\n\r\nx\r\n",
    "unscored": HEAD + b"Subject: unscored\r\n\r\nx\r\n",
    "later": HEAD + b"Subject: later\r\n\r\nx\r\n",
}


def send(port, name):
    """Prints what the server says of the mail."""
    with smtplib.SMTP("127.0.0.1", int(port), "mail.shop.example", timeout=20) as smtp:
        smtp.ehlo("mail.shop.example")
        for step in (lambda: smtp.mail("ann@shop.example"), lambda: smtp.rcpt("bob@soc.example"),
                     lambda: smtp.data(MAILS[name])):
            try:
                code, text = step()
            except smtplib.SMTPDataError as refused:
                code, text = refused.smtp_code, refused.smtp_error
            if code >= 400:
                break
        print(code, text.decode("latin-1"))


def answers(port):
    try:
        smtplib.SMTP("127.0.0.1", int(port), timeout=5).quit()
    except (OSError, smtplib.SMTPException):
        sys.exit(1)


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(count))]
    for one in sockets:
        print(one.getsockname()[1])


def receiver(url, token_file, decision):
    """Prints by which server, and from where, the mail of a decision came in: what only the MTA knew."""
    token = open(token_file, encoding="ascii").read().strip()
    request = urllib.request.Request(f"{url}/v1/findings/{decision}", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        mail = json.load(answer)["mail"]
    received = next(field["value"] for field in mail["headers"] if field["name"] == "Received")
    print(mail["received"][0]["by"], received.split("[")[1].split("]")[0])


{"send": send, "answers": answers, "free-ports": free_ports, "receiver": receiver}[sys.argv[1]](*sys.argv[2:])
