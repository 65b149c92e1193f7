#include "milter/envelope.h"

#include "ingest/mail/mail_date.h"
#include "ingest/mail/mail_received.h"
#include "tests/support/support.h"

namespace winnow::milter {
namespace {

const Timestamp kNow = Timestamp::from_civil(2026, 3, 4, 9, 5, 7);

Envelope full() {
  Envelope envelope;
  envelope.helo = "mx.shop.example";
  envelope.client_name = "out1.shop.example";
  envelope.client_address = "192.0.2.7";
  envelope.server = "mx.soc.example";
  envelope.encrypted = true;
  envelope.sender = "<ann@shop.example>";
  envelope.recipient = "<bob@soc.example>";
  envelope.recipients = 1;
  envelope.queue_id = "4XyZ1";
  return envelope;
}

TEST(MilterTrace, IsWhatTheMtaWillWrite) {
  EXPECT_EQ(trace_of(full(), kNow),
            "Return-Path: <ann@shop.example>\r\n"
            "Received: from mx.shop.example (out1.shop.example [192.0.2.7])\r\n"
            "\tby mx.soc.example with ESMTPS id 4XyZ1\r\n"
            "\tfor <bob@soc.example>; Wed, 4 Mar 2026 09:05:07 +0000\r\n");
}

TEST(MilterTrace, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(trace_of({}, kNow),
            "Return-Path: <>\r\nReceived: from unknown\r\n\tby unknown with ESMTP; "
            "Wed, 4 Mar 2026 09:05:07 +0000\r\n");
  auto many = full();
  many.recipients = 2;
  many.client_name = "unknown";
  many.authenticated = true;
  EXPECT_EQ(trace_of(many, kNow),
            "Return-Path: <ann@shop.example>\r\n"
            "Received: from mx.shop.example (unknown [192.0.2.7])\r\n"
            "\tby mx.soc.example with ESMTPSA id 4XyZ1; Wed, 4 Mar 2026 09:05:07 +0000\r\n");
}

TEST(MilterTrace, IsReadByThePartOfWinnowThatReadsMail) {
  auto envelope = full();
  envelope.client_address = "IPv6:2001:db8::7";
  const auto trace = trace_of(envelope, kNow);
  const auto begin = trace.find("Received:") + 9;
  const auto hop = read_received(trace.substr(begin));
  EXPECT_EQ(hop.helo, "mx.shop.example");
  EXPECT_EQ(hop.host, "out1.shop.example");
  ASSERT_TRUE(hop.ip);
  EXPECT_EQ(hop.ip->text(), "2001:db8::7");
  EXPECT_EQ(hop.by, "mx.soc.example");
  EXPECT_EQ(hop.protocol, "esmtps");
  EXPECT_EQ(hop.time, kNow);
}

TEST(MilterTrace, NothingThatAClientSaysEndsItsWord) {
  auto envelope = full();
  envelope.helo = "x (mx.soc.example [127.0.0.1]) by evil; Mon";
  envelope.client_name = "a\r\nX-Injected: 1";
  envelope.sender = "<a b>c\n<d>";
  envelope.recipient = std::string("<\0\x80@x>", 6);
  const auto trace = trace_of(envelope, kNow);
  EXPECT_EQ(trace,
            "Return-Path: <a?b?c??d>\r\n"
            "Received: from x??mx.soc.example??127.0.0.1???by?evil??Mon (a??X-Injected:?1 "
            "[192.0.2.7])\r\n\tby mx.soc.example with ESMTPS id 4XyZ1\r\n"
            "\tfor <?\xEF\xBF\xBD@x>; Wed, 4 Mar 2026 09:05:07 +0000\r\n");
  envelope.helo = std::string(5000, 'h');
  EXPECT_LT(trace_of(envelope, kNow).size(), 1000U);
}

}  // namespace
}  // namespace winnow::milter
