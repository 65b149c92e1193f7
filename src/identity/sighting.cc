#include "identity/sighting.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace winnow::identity {
namespace {

using ocsf::Attribute;
using ocsf::ClassUid;

// https://schema.ocsf.io: activities of Authentication and of DHCP Activity, types of logon.
constexpr std::int64_t kLogon = 1, kLogoff = 2, kFirstTicket = 3, kServiceTicket = 4;
constexpr std::int64_t kAck = 5, kRelease = 7;
constexpr std::int64_t kSucceeded = 1, kNtlm = 1, kOutbound = 2, kTcp = 6;
constexpr std::size_t kLongestTold = 255;

// An event, asked for what this file needs.
class Asked {
 public:
  Asked(const ocsf::Event& event, std::vector<Sighting>& found) : event_(&event), found_(&found) {}

  std::string_view text(Attribute attribute) const { return event_->get(attribute).as_text(); }
  std::int64_t number(Attribute attribute) const { return event_->get(attribute).as_int(); }
  bool has(Attribute attribute) const { return !event_->get(attribute).is_absent(); }

  // Where one of the two is nobody nothing is told.
  Sighting* tell(Relation relation, std::string one, std::string other, Witness witness,
                 Phase phase) {
    if (one.empty() || other.empty() || found_->size() == kMaxSightings) return nullptr;
    found_->push_back({.relation = relation,
                       .one = std::move(one),
                       .other = std::move(other),
                       .witness = witness,
                       .phase = phase,
                       .at = event_->time(),
                       .holds = facts_of(witness).holds});
    return &found_->back();
  }
  Sighting* tell_host(Relation relation, std::string one, std::string_view host, Witness witness,
                      Phase phase) {
    auto* const told = tell(relation, std::move(one), host_key(host), witness, phase);
    if (told != nullptr) told->told = host.substr(0, kLongestTold);
    return told;
  }

 private:
  const ocsf::Event* event_;
  std::vector<Sighting>* found_;
};

namespace attribute {
const Attribute kActivity = Attribute::of("activity_id");
const Attribute kStatus = Attribute::of("status_id");
const Attribute kUserName = Attribute::of("user.name");
const Attribute kUserDomain = Attribute::of("user.domain");
const Attribute kUserUid = Attribute::of("user.uid");
const Attribute kActorName = Attribute::of("actor.user.name");
const Attribute kActorDomain = Attribute::of("actor.user.domain");
const Attribute kActorUid = Attribute::of("actor.user.uid");
const Attribute kRunnerName = Attribute::of("process.user.name");
const Attribute kRunnerDomain = Attribute::of("process.user.domain");
const Attribute kRunnerUid = Attribute::of("process.user.uid");
const Attribute kDevice = Attribute::of("device.hostname");
const Attribute kDeviceName = Attribute::of("device.name");
const Attribute kDeviceIp = Attribute::of("device.ip");
const Attribute kSourceIp = Attribute::of("src_endpoint.ip");
const Attribute kSourceHost = Attribute::of("src_endpoint.hostname");
const Attribute kSourceMac = Attribute::of("src_endpoint.mac");
const Attribute kLease = Attribute::of("lease_dur");
const Attribute kLogonType = Attribute::of("logon_type_id");
const Attribute kProtocol = Attribute::of("auth_protocol_id");
const Attribute kSession = Attribute::of("session.uid");
const Attribute kDirection = Attribute::of("connection_info.direction_id");
const Attribute kTransport = Attribute::of("connection_info.protocol_num");
}  // namespace attribute

void ask_dhcp(Asked& event) {
  using namespace attribute;
  const auto activity = event.number(kActivity);
  // A lease in one record with what was asked for (Zeek) shows by its time.
  const bool is_lease = activity == kAck || event.has(kLease);
  if (!is_lease && activity != kRelease) return;
  const auto hardware = event.text(kSourceMac);
  const auto name = event.text(kSourceHost);
  const auto host = host_key(name).empty() ? hardware : name;
  auto* const told =
      event.tell_host(Relation::AddressHost, address_key(event.text(kSourceIp)), host,
                      Witness::DhcpLease, is_lease ? Phase::Begins : Phase::Ends);
  if (told == nullptr) return;
  told->hardware = host_key(hardware);
  const auto seconds = event.number(kLease);
  if (seconds > 0)
    told->holds = std::min<Duration>(std::chrono::seconds(std::min<std::int64_t>(
                                         seconds, kLongestLease / std::chrono::seconds(1))),
                                     kLongestLease);
}

// A ticket tells from where its user came; one of a machine's account whose address it is.
void ask_ticket(Asked& event) {
  using namespace attribute;
  const auto address = address_key(event.text(kSourceIp));
  const auto account = event.text(kUserName);
  event.tell(Relation::UserAddress,
             user_key(account, event.text(kUserDomain), event.text(kUserUid)), address,
             Witness::Ticket, Phase::Seen);
  event.tell(Relation::AddressHost, address, machine_key(account), Witness::Ticket, Phase::Seen);
}

// The name of the workstation is the client's own word.
void ask_ntlm(Asked& event) {
  using namespace attribute;
  const auto address = address_key(event.text(kSourceIp));
  const auto user = user_key(event.text(kUserName), event.text(kUserDomain), event.text(kUserUid));
  const auto workstation = event.text(kSourceHost);
  event.tell(Relation::UserAddress, user, address, Witness::Ntlm, Phase::Seen);
  event.tell_host(Relation::AddressHost, address, workstation, Witness::Ntlm, Phase::Seen);
  event.tell_host(Relation::UserHost, user, workstation, Witness::Ntlm, Phase::Seen);
}

// Those by which somebody is there; services, batch jobs and borrowed credentials are nobody.
std::optional<Witness> witness_of_logon(std::int64_t type) {
  switch (type) {
    case 2:
    case 7:
    case 11:
    case 13:
      return Witness::Logon;
    case 10:
    case 12:
      return Witness::RemoteLogon;
    case 3:
    case 8:
      return Witness::NetworkLogon;
    default:
      return std::nullopt;
  }
}

void ask_logon(Asked& event, std::int64_t activity) {
  using namespace attribute;
  auto witness = witness_of_logon(event.number(kLogonType));
  const bool ends = activity == kLogoff;
  if (!witness && ends && !event.has(kLogonType)) witness = Witness::Logon;
  if (!witness) return;
  const bool over_network = *witness == Witness::NetworkLogon;
  if (ends && over_network) return;  // one for each file that is read
  const auto account = event.text(kUserName);
  const auto user = user_key(account, event.text(kUserDomain), event.text(kUserUid));
  const auto phase = ends ? Phase::Ends : over_network ? Phase::Seen : Phase::Begins;
  auto* const there =
      event.tell_host(Relation::UserHost, user, event.text(kDevice), *witness, phase);
  if (there != nullptr && !over_network) there->session = event.text(kSession).substr(0, 64);
  if (*witness == Witness::Logon || ends) return;
  const auto address = address_key(event.text(kSourceIp));
  event.tell(Relation::UserAddress, user, address, *witness, Phase::Seen);
  if (!over_network) return;
  event.tell(Relation::AddressHost, address, machine_key(account), Witness::Ticket, Phase::Seen);
  if (event.number(kProtocol) == kNtlm)
    event.tell_host(Relation::AddressHost, address, event.text(kSourceHost), Witness::Ntlm,
                    Phase::Seen);
}

void ask_sign_in(Asked& event) {
  using namespace attribute;
  const auto user = user_key(event.text(kUserName));
  event.tell(Relation::UserAddress, user, address_key(event.text(kSourceIp)), Witness::SignIn,
             Phase::Begins);
  event.tell_host(Relation::UserHost, user, event.text(kDeviceName), Witness::SignIn,
                  Phase::Begins);
}

void ask_authentication(Asked& event, Domain domain) {
  using namespace attribute;
  if (event.has(kStatus) && event.number(kStatus) != kSucceeded) return;
  const auto activity = event.number(kActivity);
  if (domain == Domain::Cloud) {
    if (activity == kLogon) ask_sign_in(event);
  } else if (activity == kFirstTicket || activity == kServiceTicket) {
    ask_ticket(event);
  } else if (event.has(kLogonType) || activity == kLogoff) {
    ask_logon(event, activity);
  } else if (event.number(kProtocol) == kNtlm) {
    ask_ntlm(event);
  }
}

void ask_process(Asked& event) {
  using namespace attribute;
  auto user = user_key(event.text(kRunnerName), event.text(kRunnerDomain), event.text(kRunnerUid));
  if (!event.has(kRunnerName))
    user = user_key(event.text(kActorName), event.text(kActorDomain), event.text(kActorUid));
  event.tell_host(Relation::UserHost, user, event.text(kDevice), Witness::Process, Phase::Seen);
}

// A machine that begins a connection tells its own address. Of datagrams sensors mix up the ends.
void ask_connection(Asked& event) {
  using namespace attribute;
  if (event.number(kDirection) != kOutbound || event.number(kTransport) != kTcp) return;
  event.tell_host(Relation::AddressHost, address_key(event.text(kSourceIp)), event.text(kDevice),
                  Witness::Connection, Phase::Seen);
}

}  // namespace

std::string_view name_of(Relation relation) {
  switch (relation) {
    case Relation::AddressHost:
      return "address of host";
    case Relation::UserHost:
      return "user on host";
    case Relation::UserAddress:
      break;
  }
  return "user from address";
}

PartyKind first_kind(Relation relation) {
  return relation == Relation::AddressHost ? PartyKind::Address : PartyKind::User;
}

PartyKind second_kind(Relation relation) {
  return relation == Relation::UserAddress ? PartyKind::Address : PartyKind::Host;
}

bool may_tell(ClassUid class_uid, Domain domain) {
  switch (class_uid) {
    case ClassUid::DhcpActivity:
    case ClassUid::Authentication:
    case ClassUid::DetectionFinding:
      return true;
    case ClassUid::ProcessActivity:
    case ClassUid::ScriptActivity:
    case ClassUid::NetworkActivity:
      return domain == Domain::Endpoint;
    default:
      return false;
  }
}

std::vector<Sighting> sightings_of(const ocsf::Event& event, Domain domain) {
  std::vector<Sighting> found;
  if (!may_tell(event.class_uid(), domain)) return found;
  Asked asked(event, found);
  switch (event.class_uid()) {
    case ClassUid::DhcpActivity:
      ask_dhcp(asked);
      break;
    case ClassUid::Authentication:
      ask_authentication(asked, domain);
      break;
    case ClassUid::NetworkActivity:
      ask_connection(asked);
      break;
    case ClassUid::ProcessActivity:
    case ClassUid::ScriptActivity:
      ask_process(asked);
      break;
    default:
      break;
  }
  asked.tell_host(Relation::AddressHost, address_key(asked.text(attribute::kDeviceIp)),
                  asked.text(attribute::kDevice), Witness::Agent, Phase::Seen);
  return found;
}

}  // namespace winnow::identity
