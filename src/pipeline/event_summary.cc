#include "pipeline/event_summary.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "ocsf/mail_attributes.h"
#include "ocsf/schema.h"

namespace winnow {
namespace {

using ocsf::Attribute;
using ocsf::ClassUid;
using ocsf::Role;

std::string text(const ocsf::Event& event, Attribute attribute) {
  const auto value = event.get(attribute);
  if (value.kind() == ocsf::Value::Kind::Int) return std::to_string(value.as_int());
  return std::string(value.as_text());
}

// Who acted, or else where it came from. Numbers of processes and sessions tell people nothing.
std::string actor_of(const ocsf::Event& event) {
  for (const auto role : {Role::Actor, Role::Source, Role::Target}) {
    const auto found = std::ranges::find_if(event.entities(), [&](const ocsf::Entity& one) {
      return one.role == role && one.kind != ocsf::EntityKind::Process &&
             one.kind != ocsf::EntityKind::Session;
    });
    if (found != event.entities().end()) return std::string(found->key);
  }
  return {};
}

// What an event of a class is about: the first of these that it has.
struct AboutOfClass {
  ClassUid class_uid;
  std::string_view what;
  std::array<Attribute, 2> about;
};

const AboutOfClass* about_of(ClassUid class_uid) {
  static const std::array kAbout = {
      AboutOfClass{
          ClassUid::DnsActivity, "dns", {Attribute::of("query.hostname"), Attribute::of("rcode")}},
      AboutOfClass{ClassUid::HttpActivity,
                   "http",
                   {Attribute::of("http_request.url.hostname"), Attribute::of("dst_endpoint.ip")}},
      AboutOfClass{ClassUid::DetectionFinding,
                   "alert",
                   {Attribute::of("finding_info.title"), Attribute::of("message")}},
      AboutOfClass{ClassUid::ApiActivity,
                   "call",
                   {Attribute::of("api.operation"), Attribute::of("api.service.name")}},
      AboutOfClass{ClassUid::ProcessActivity,
                   "process",
                   {Attribute::of("process.cmd_line"), Attribute::of("process.name")}},
      AboutOfClass{ClassUid::Authentication,
                   "logon",
                   {Attribute::of("user.name"), Attribute::of("dst_endpoint.hostname")}},
      AboutOfClass{
          ClassUid::ScriptActivity,
          "script",
          {Attribute::of("script.file.path"), Attribute::of("script.script_content.value")}},
      AboutOfClass{ClassUid::WindowsServiceActivity,
                   "service",
                   {Attribute::of("win_service.name"), Attribute::of("win_service.cmd_line")}},
      AboutOfClass{ClassUid::ScheduledJobActivity,
                   "task",
                   {Attribute::of("job.name"), Attribute::of("job.cmd_line")}},
      AboutOfClass{ClassUid::RegistryValueActivity,
                   "registry",
                   {Attribute::of("reg_value.path"), Attribute::of("reg_value.name")}},
      AboutOfClass{ClassUid::RegistryKeyActivity,
                   "registry",
                   {Attribute::of("reg_key.path"), Attribute::of("prev_reg_key.path")}},
      AboutOfClass{ClassUid::FileSystemActivity,
                   "file",
                   {Attribute::of("file.path"), Attribute::of("file.name")}},
      AboutOfClass{ClassUid::ModuleActivity,
                   "library",
                   {Attribute::of("module.file.path"), Attribute::of("module.file.name")}},
      AboutOfClass{ClassUid::KernelExtensionActivity,
                   "driver",
                   {Attribute::of("driver.file.path"), Attribute::of("driver.file.name")}},
      AboutOfClass{
          ClassUid::SmbActivity, "share", {Attribute::of("share"), Attribute::of("file.path")}},
      AboutOfClass{ClassUid::AccountChange,
                   "account",
                   {Attribute::of("user.name"), Attribute::of("user.uid")}},
      AboutOfClass{ClassUid::GroupManagement,
                   "group",
                   {Attribute::of("group.name"), Attribute::of("group.uid")}},
      AboutOfClass{ClassUid::EventLogActivity,
                   "log",
                   {Attribute::of("log_name"), Attribute::of("actor.user.name")}},
  };
  const auto* found = std::ranges::find(kAbout, class_uid, &AboutOfClass::class_uid);
  return found == kAbout.end() ? nullptr : found;
}

// "tls to mail.example:443", "tcp to 192.0.2.7:22"
std::string connection_of(const ocsf::Event& event) {
  static const auto kApplication = Attribute::of("app_protocol_name"),
                    kTransport = Attribute::of("connection_info.protocol_name"),
                    kName = Attribute::of("tls.sni"), kAddress = Attribute::of("dst_endpoint.ip"),
                    kPort = Attribute::of("dst_endpoint.port");
  auto protocol = text(event, kApplication);
  // "failed" is what Suricata says where it knows no protocol.
  if (protocol.empty() || protocol == "failed") protocol = text(event, kTransport);
  auto target = text(event, kName);
  if (target.empty()) target = text(event, kAddress);
  if (target.empty()) return {};
  const auto port = text(event, kPort);
  return fmt::format("{} to {}{}{}", protocol.empty() ? "connection" : protocol, target,
                     port.empty() ? "" : ":", port);
}

// "network activity"
std::string name_in_words(ClassUid class_uid) {
  std::string name(ocsf::facts_of(class_uid).name);
  std::ranges::replace(name, '_', ' ');
  return name;
}

}  // namespace

EventSummary summary_of(const ocsf::Event& event) {
  if (event.class_uid() == ClassUid::EmailActivity)
    return {text(event, ocsf::mail::kFrom), text(event, ocsf::mail::kSubject)};
  EventSummary summary{actor_of(event), {}};
  if (const auto* about = about_of(event.class_uid())) {
    for (const auto attribute : about->about) {
      const auto value = text(event, attribute);
      if (value.empty()) continue;
      summary.subject.append(about->what).append(": ").append(value);
      break;
    }
  }
  if (summary.subject.empty()) summary.subject = connection_of(event);
  if (summary.subject.empty()) summary.subject = name_in_words(event.class_uid());
  return summary;
}

}  // namespace winnow
