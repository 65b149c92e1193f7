// What an MTA says goes in, what it is told comes out: no sockets, no threads.
#include "milter/session.h"

#include "tests/milter/mta.h"
#include "tests/support/support.h"

namespace winnow::milter {
namespace {

using testing::code_of;
using testing::MtaMail;
using testing::packet;
using testing::replies_in;
using testing::Reply;
using testing::text;
using testing::word;

class MilterSession : public ::testing::Test {
 protected:
  // All that is answered to `bytes`; the connection's end is the test's failure.
  std::vector<Reply> say(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
      const auto framed = first_packet(bytes);
      EXPECT_TRUE(framed && *framed) << "the test sends whole packets";
      const auto next = session.take((*framed)->packet, out);
      EXPECT_OK(next);
      if (next) last = *next;
      bytes.remove_prefix((*framed)->bytes);
    }
    return replies_in(out);
  }
  std::optional<Code> refusal_of(std::string_view bytes) {
    std::string out;
    return code_of(session.take(first_packet(bytes).value().value().packet, out));
  }
  testing::Fate deliver(const MtaMail& mail) {
    auto replies = say(testing::mail_packets(mail));
    EXPECT_EQ(replies.front().kind, 'c') << "MAIL";
    replies.erase(replies.begin());
    return testing::fate_of(replies);
  }

  std::vector<std::string> seen;  // what was scored
  Outcome answer = Scored{"d-1f", Route::Close, 0.25};
  Room room{1UL << 20};
  FixedClock clock{Timestamp::from_civil(2026, 3, 4, 9)};
  Surroundings around{.rules = {},
                      .score =
                          [this](std::string_view mail) {
                            seen.emplace_back(mail);
                            return answer;
                          },
                      .mail_bytes = 256UL << 10,
                      .room = room,
                      .clock = clock};
  Session session{around};
  Session::Next last = Session::Next::GoOn;
};

TEST_F(MilterSession, AgreesToWhatTheMtaOffersAndNoMore) {
  EXPECT_EQ(say(testing::negotiation()),
            (std::vector<Reply>{{'O', word(6) + word(0x31) + word(0x1CB380)}}));
  EXPECT_EQ(say(testing::negotiation(testing::kAllActions, 0x80, 2)),
            (std::vector<Reply>{{'O', word(2) + word(0x31) + word(0x80)}}));
  EXPECT_EQ(say(testing::negotiation(testing::kAllActions, 0, 99))[0].data.substr(0, 4), word(6));
  EXPECT_EQ(refusal_of(testing::negotiation(0x1F)), Code::Unsupported) << "without quarantine";
  EXPECT_EQ(refusal_of(testing::negotiation(testing::kAllActions, 0, 1)), Code::Unsupported);
}

TEST_F(MilterSession, ScoresTheMailWithTheTraceOfItsReceiverOnTop) {
  say(testing::negotiation());
  EXPECT_TRUE(say(testing::connection_packets({})).empty()) << "the MTA does not wait";
  const auto fate = deliver({});
  EXPECT_EQ(fate.inserted,
            (std::vector<std::string>{"X-Winnow-Route: close", "X-Winnow-Score: 0.2500",
                                      "X-Winnow-Decision: d-1f"}));
  EXPECT_TRUE(fate.removed.empty());
  EXPECT_EQ(fate.quarantine, "");
  EXPECT_EQ(fate.end, 'c');
  EXPECT_EQ(seen, (std::vector<std::string>{
                      "Return-Path: <ann@shop.example>\r\n"
                      "Received: from mx.shop.example (mail.shop.example [192.0.2.7])\r\n"
                      "\tby mx.soc.example with ESMTP id 4XyZ1\r\n"
                      "\tfor <bob@soc.example>; Wed, 4 Mar 2026 09:00:00 +0000\r\n"
                      "From: Ann <ann@shop.example>\r\nTo: bob@soc.example\r\nSubject: Minutes\r\n"
                      "\r\nHere they are.\r\n"}));
}

TEST_F(MilterSession, AnswersEachStepWhereTheMtaWaits) {
  // An MTA of Sendmail's early days: strips the blank behind the colon, and waits each time.
  say(testing::negotiation(testing::kAllActions, 0, 2));
  EXPECT_EQ(say(testing::connection_packets({})).size(), 2U) << "the client, HELO";
  MtaMail mail;
  for (auto& [name, value] : mail.fields) value.erase(0, 1);
  const auto replies = say(testing::mail_packets(mail));
  // MAIL, RCPT, three fields, their end, the body; then what is done with the mail.
  ASSERT_EQ(replies.size(), 7 + 4U);
  for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(replies[i].kind, 'c');
  EXPECT_EQ(testing::fate_of({replies.begin() + 7, replies.end()}).inserted.front(),
            "X-Winnow-Route:close")
      << "such an MTA writes the blank itself";
  EXPECT_NE(seen.at(0).find("\r\nSubject: Minutes\r\n"), std::string::npos);
}

TEST_F(MilterSession, RemovesWhatWasForgedFromTheLastToTheFirst) {
  say(testing::negotiation());
  MtaMail mail;
  mail.fields = {{"X-Winnow-Route", " close"},
                 {"Subject", " hi"},
                 {"x-winnow-ROUTE", " close"},
                 {"X-Winnow-Score", " 0.0"}};
  const auto fate = deliver(mail);
  EXPECT_EQ(fate.removed,
            (std::vector<std::pair<std::string, std::uint32_t>>{
                {"X-Winnow-Score", 1}, {"x-winnow-ROUTE", 2}, {"X-Winnow-Route", 1}}));
  EXPECT_NE(seen.at(0).find("x-winnow-ROUTE: close"), std::string::npos)
      << "what came is what is scored and kept";
  around.rules.close = Action::Accept;
  const auto accepted = deliver(mail);
  EXPECT_EQ(accepted.removed.size(), 3U) << "also where nothing is added";
  EXPECT_TRUE(accepted.inserted.empty());
}

TEST_F(MilterSession, AMailWhoseForgedFieldsCannotBeRemovedIsRefusedUnscored) {
  say(testing::negotiation());
  MtaMail mail;
  mail.fields = {{"Subject", " hi\rX-Winnow-Route: close"}};
  const auto fate = deliver(mail);
  EXPECT_EQ(fate.refusal, kForgedBeyondRepair);
  EXPECT_TRUE(fate.removed.empty());
  EXPECT_TRUE(seen.empty());
  EXPECT_EQ(deliver({}).end, 'c') << "the next one is judged by itself";
}

TEST_F(MilterSession, HoldsRefusesOrPutsOffAsTheRulesSay) {
  say(testing::negotiation());
  answer = Scored{"d-2e", Route::Escalate, 0.97};
  const auto held = deliver({});
  EXPECT_EQ(held.quarantine, "winnow: escalate (d-2e)");
  EXPECT_EQ(held.inserted.size(), 3U);
  EXPECT_EQ(held.end, 'c');
  around.rules.escalate = Action::Reject;
  const auto refused = deliver({});
  EXPECT_EQ(refused.refusal, "550 5.7.1 refused by the recipient's mail policy (d-2e)");
  EXPECT_TRUE(refused.inserted.empty());
  answer = Unscored::Unavailable;
  EXPECT_EQ(deliver({}).refusal.substr(0, 10), "451 4.7.1 ");
}

TEST_F(MilterSession, ALargeMailPassesUnscoredAndOneWithoutRoomDoesNot) {
  say(testing::negotiation());
  MtaMail large;
  large.body.assign(300'000, 'x');
  EXPECT_EQ(deliver(large).inserted, (std::vector<std::string>{"X-Winnow-Unscored: too large"}));
  ASSERT_TRUE(room.take(1UL << 20));
  EXPECT_EQ(deliver({}).end, 'y');
  room.give_back(1UL << 20);
  EXPECT_TRUE(seen.empty());
  EXPECT_EQ(deliver({}).end, 'c');
  EXPECT_EQ(seen.size(), 1U);
}

TEST_F(MilterSession, OneMailKnowsNothingOfTheOneBefore) {
  say(testing::negotiation());
  say(testing::connection_packets({}));
  deliver({});
  say(packet('M', text("<>")) + packet('R', text("<a@x>")) +
      packet('L', text("Half") + text(" a mail")));
  say(packet('A'));
  EXPECT_FALSE(session.in_mail());
  MtaMail other;
  other.sender = "<eve@evil.example>";
  other.queue_id = "5AbC2";
  other.fields = {{"Subject", " other"}};
  other.body = "";
  deliver(other);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[1],
            "Return-Path: <eve@evil.example>\r\n"
            "Received: from mx.shop.example (mail.shop.example [192.0.2.7])\r\n"
            "\tby mx.soc.example with ESMTP id 5AbC2\r\n"
            "\tfor <bob@soc.example>; Wed, 4 Mar 2026 09:00:00 +0000\r\n"
            "Subject: other\r\n\r\n");
}

TEST_F(MilterSession, ANewClientOnTheSameConnectionIsADifferentOne) {
  say(testing::negotiation());
  say(testing::connection_packets({}));
  say(packet('K'));
  say(packet('C', text("localhost") + "L" + word(0).substr(0, 2) + text("/run/x")));
  deliver({});
  EXPECT_NE(seen.at(0).find("Received: from unknown (localhost)\r\n"), std::string::npos)
      << seen[0];
}

TEST_F(MilterSession, TellsWhatItKnowsOfEncryptionAndSignIns) {
  say(testing::negotiation());
  say(testing::connection_packets({}));
  say(packet('D', "H" + text("{tls_version}") + text("TLSv1.3")));
  say(packet('D', "M" + text("{auth_authen}") + text("ann")));
  deliver({});
  EXPECT_NE(seen.at(0).find(" with ESMTPSA id "), std::string::npos) << seen[0];
  deliver({});
  EXPECT_NE(seen.at(1).find(" with ESMTPS id "), std::string::npos) << "of that mail only";
}

TEST_F(MilterSession, WhatNoMtaSaysEndsTheConnection) {
  for (const char command : std::string("CHMRLNBEDATUK"))
    EXPECT_EQ(refusal_of(packet(command, text("x"))), Code::InvalidArgument)
        << command << " before the negotiation";
  say(testing::negotiation());
  EXPECT_EQ(refusal_of(packet('L', text("A") + text(" b"))), Code::InvalidArgument);
  EXPECT_EQ(refusal_of(packet('B', "body")), Code::InvalidArgument);
  EXPECT_EQ(refusal_of(packet('E')), Code::InvalidArgument);
  say(packet('M', text("<a@b>")));
  EXPECT_EQ(refusal_of(packet('L', text("") + text(" b"))), Code::InvalidArgument);
  EXPECT_EQ(refusal_of(packet('L', "A")), Code::InvalidArgument);
  EXPECT_EQ(refusal_of(packet('O', "short")), Code::InvalidArgument);
}

TEST_F(MilterSession, TakesNoMoreMailButEndsTheOneInProgress) {
  say(testing::negotiation());
  const auto packets = testing::mail_packets({});
  const auto half = packets.size() - packet('E').size();
  say(packets.substr(0, half));
  session.take_no_more_mail();
  EXPECT_EQ(testing::fate_of(say(packets.substr(half))).end, 'c');
  EXPECT_EQ(last, Session::Next::Close);
  EXPECT_EQ(say(packet('M', text("<a@b>"))), (std::vector<Reply>{{'t', ""}}));
}

TEST_F(MilterSession, QuitEndsIt) {
  say(testing::negotiation());
  EXPECT_TRUE(say(packet('Q')).empty());
  EXPECT_EQ(last, Session::Next::Close);
}

}  // namespace
}  // namespace winnow::milter
