#include "milter/session.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/log.h"
#include "base/utf8.h"

namespace winnow::milter {
namespace {

constexpr std::uint32_t kOldestVersion = 2, kVersion = 6;
constexpr std::uint32_t kNeeded =
    actions::kAddFields | actions::kChangeFields | actions::kQuarantine;
// Where the MTA need not wait for us it is not made to.
constexpr std::uint32_t kWishes = steps::kNoUnknown | steps::kNoData | steps::kNoFieldReply |
                                  steps::kNoConnectReply | steps::kNoHeloReply |
                                  steps::kNoRecipientReply | steps::kNoEndOfHeadersReply |
                                  steps::kNoBodyReply | steps::kLeadingSpace;

Error protocol_error(std::string what) { return {Code::InvalidArgument, std::move(what)}; }

constexpr std::size_t kLongestText = 1000;  // of the envelope: longer ones are cut

std::string_view text_of(std::string_view data) {
  return texts_in<1>(data)[0].substr(0, kLongestText);
}

// Text from outside, for a line of the log.
std::string printable(std::string_view text) {
  std::string clean(text.substr(0, 100));
  std::ranges::replace_if(
      clean, [](char c) { return c < 0x20 || c == 0x7F; }, '?');
  return clean;
}

Json told(const Outcome& outcome) {
  const auto* const scored = std::get_if<Scored>(&outcome);
  return scored != nullptr
             ? Json(name_of(scored->route))
             : Json(fmt::format("not scored: {}", name_of(std::get<Unscored>(outcome))));
}

std::string_view done_of(const Handling& handling) {
  if (!handling.refuse.empty()) return handling.refuse.starts_with('4') ? "tempfail" : "reject";
  if (!handling.quarantine.empty()) return "quarantine";
  return handling.add.empty() ? "accept" : "tag";
}

}  // namespace

Result<Session::Next> Session::take(const Packet& packet, std::string& out) {
  const auto data = packet.data;
  if (!agreed_ && packet.command != Command::Negotiate && packet.command != Command::Quit)
    return protocol_error("a milter command before the negotiation");
  switch (packet.command) {
    case Command::Negotiate:
      WINNOW_TRY(negotiate(data, out));
      break;
    case Command::Macros:
      read_macros(data);
      break;
    case Command::Connect:
      connect(data);
      reply(steps::kNoConnectReply, out);
      break;
    case Command::Helo:
      envelope_.helo = text_of(data);
      reply(steps::kNoHeloReply, out);
      break;
    case Command::Mail:
      begin_mail(data, out);
      break;
    case Command::Recipient:
      if (envelope_.recipients++ == 0) envelope_.recipient = text_of(data);
      reply(steps::kNoRecipientReply, out);
      break;
    case Command::Header:
      WINNOW_TRY(read_field(data));
      reply(steps::kNoFieldReply, out);
      break;
    case Command::EndOfHeaders:
      mail_.end_of_fields();
      reply(steps::kNoEndOfHeadersReply, out);
      break;
    case Command::Body:
      if (!in_mail_) return protocol_error("a body without a mail");
      mail_.body(data);
      reply(steps::kNoBodyReply, out);
      break;
    case Command::EndOfMail:
      if (!in_mail_) return protocol_error("the end of a mail that has not begun");
      mail_.body(data);
      finish(out);
      break;
    case Command::Data:
    case Command::Unknown:
      carry_on(out);
      break;
    case Command::Abort:
      end_mail();
      break;
    case Command::QuitConnection:
      end_mail();
      envelope_ = {};
      break;
    case Command::Quit:
      return Next::Close;
  }
  return closing_ && !in_mail_ ? Next::Close : Next::GoOn;
}

Status Session::negotiate(std::string_view data, std::string& out) {
  WINNOW_TRY(const auto offer, Terms::read(data));
  if (offer.version < kOldestVersion || (offer.actions & kNeeded) != kNeeded) {
    return Error(Code::Unsupported,
                 fmt::format("the MTA offers version {} of the milter protocol with actions {:#x}; "
                             "adding, changing and quarantine are needed",
                             offer.version, offer.actions));
  }
  steps_ = offer.steps & kWishes;
  agreed_ = true;
  agree({std::min(offer.version, kVersion), kNeeded, steps_}, out);
  return {};
}

// The command that they come before, then names and values.
void Session::read_macros(std::string_view data) {
  data.remove_prefix(std::min<std::size_t>(1, data.size()));
  while (!data.empty()) {
    const auto [name, value] = texts_in<2>(data);
    envelope_.macro(name, value);
    data.remove_prefix(std::min(data.size(), name.size() + value.size() + 2));
  }
}

// The client's name, its family ('4', '6', 'L', 'U'), and with the first three port and address.
void Session::connect(std::string_view data) {
  const auto name = texts_in<1>(data)[0];
  envelope_.client_name = name.substr(0, kLongestText);
  envelope_.client_address.clear();
  data.remove_prefix(std::min(data.size(), name.size() + 1));
  constexpr std::size_t kFamilyAndPort = 3;
  const bool internet = data.starts_with('4') || data.starts_with('6');
  if (!internet || data.size() < kFamilyAndPort) return;
  auto address = text_of(data.substr(kFamilyAndPort));
  constexpr std::string_view kTag = "IPv6:";
  if (equal_ignoring_ascii_case(address.substr(0, kTag.size()), kTag))
    address.remove_prefix(kTag.size());
  envelope_.client_address = address;
  if (data.front() == '6') envelope_.client_address.insert(0, kTag);
}

void Session::begin_mail(std::string_view data, std::string& out) {
  if (closing_) return refuse_for_now(out);
  // Its macros came before it.
  const auto queue_id = envelope_.queue_id;
  const bool authenticated = envelope_.authenticated;
  end_mail();
  envelope_.queue_id = queue_id;
  envelope_.authenticated = authenticated;
  envelope_.sender = text_of(data);
  in_mail_ = true;
  carry_on(out);
}

Status Session::read_field(std::string_view data) {
  if (!in_mail_) return protocol_error("a header field without a mail");
  const auto name = texts_in<1>(data)[0];
  if (name.empty() || name.size() == data.size())
    return protocol_error("a header field without a name or a value");
  auto value = data.substr(name.size() + 1);
  if (value.ends_with('\0')) value.remove_suffix(1);
  const bool as_written = (steps_ & steps::kLeadingSpace) != 0;
  mail_.field(name, as_written ? std::string(value) : fmt::format(" {}", value));
  return {};
}

Outcome Session::outcome() {
  const auto mail = mail_.with_trace(trace_of(envelope_, around_.clock.now()));
  switch (mail_.state()) {
    case IncomingMail::State::Whole:
      return around_.score(mail);
    case IncomingMail::State::TooLarge:
      return Unscored::TooLarge;
    case IncomingMail::State::NoRoom:
      break;
  }
  log::warn("no room for a mail: too many large ones at once");
  return Unscored::Unavailable;
}

void Session::finish(std::string& out) {
  const auto began = std::chrono::steady_clock::now();
  if (mail_.is_beyond_repair()) {
    log::warn("mail refused: forged X-Winnow fields",
              {{"queue_id", printable(envelope_.queue_id)}});
    refuse_with(kForgedBeyondRepair, out);
    return end_mail();
  }
  const auto found = outcome();
  const auto handling = handling_of(found, around_.rules);
  answer(handling, out);
  const auto* const scored = std::get_if<Scored>(&found);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
  log::info("mail", {{"queue_id", printable(envelope_.queue_id)},
                     {"route", told(found)},
                     {"done", done_of(handling)},
                     {"decision", scored != nullptr ? Json(scored->decision) : Json()},
                     {"bytes", mail_.bytes()},
                     {"forged_fields", mail_.forged().size()},
                     {"took_ms", took.count()}});
  end_mail();
}

void Session::answer(const Handling& handling, std::string& out) const {
  if (!handling.refuse.empty()) return refuse_with(handling.refuse, out);
  // From the last to the first: removing one leaves the places of those before it.
  const auto& forged = mail_.forged();
  for (auto field = forged.rbegin(); field != forged.rend(); ++field)
    remove_field(field->name, field->index, out);
  const std::string_view space = (steps_ & steps::kLeadingSpace) != 0 ? " " : "";
  // Each is put on top of the one before.
  for (auto field = handling.add.rbegin(); field != handling.add.rend(); ++field)
    insert_field(field->name, fmt::format("{}{}", space, field->value), out);
  if (!handling.quarantine.empty()) quarantine(handling.quarantine, out);
  carry_on(out);
}

void Session::end_mail() {
  mail_.clear();
  envelope_.begin_mail();
  in_mail_ = false;
}

void Session::reply(std::uint32_t unless, std::string& out) const {
  if ((steps_ & unless) == 0) carry_on(out);
}

}  // namespace winnow::milter
