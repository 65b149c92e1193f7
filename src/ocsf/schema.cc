#include "ocsf/schema.h"

#include <array>
#include <utility>

#include "base/contract.h"
#include "ocsf/class_schema.h"

namespace winnow::ocsf {
namespace {

struct ClassRow {
  ClassUid uid;
  std::string_view name;
  ClassFacts facts;
};

constexpr ClassRow kClasses[] = {
    {ClassUid::BaseEvent, "base_event", {"Base Event", "Uncategorized", 0}},
    {ClassUid::FileSystemActivity, "file_activity", {"File System Activity", "System Activity", 1}},
    {ClassUid::KernelExtensionActivity,
     "kernel_extension_activity",
     {"Kernel Extension Activity", "System Activity", 1}},
    {ClassUid::ModuleActivity, "module_activity", {"Module Activity", "System Activity", 1}},
    {ClassUid::ScheduledJobActivity,
     "scheduled_job_activity",
     {"Scheduled Job Activity", "System Activity", 1}},
    {ClassUid::ProcessActivity, "process_activity", {"Process Activity", "System Activity", 1}},
    {ClassUid::EventLogActivity,
     "event_log_activity",
     {"Event Log Activity", "System Activity", 1}},
    {ClassUid::ScriptActivity, "script_activity", {"Script Activity", "System Activity", 1}},
    {ClassUid::DetectionFinding, "detection_finding", {"Detection Finding", "Findings", 2}},
    {ClassUid::AccountChange,
     "account_change",
     {"Account Change", "Identity & Access Management", 3}},
    {ClassUid::Authentication,
     "authentication",
     {"Authentication", "Identity & Access Management", 3}},
    {ClassUid::AuthorizeSession,
     "authorize_session",
     {"Authorize Session", "Identity & Access Management", 3}},
    {ClassUid::EntityManagement,
     "entity_management",
     {"Entity Management", "Identity & Access Management", 3}},
    {ClassUid::UserAccess,
     "user_access",
     {"User Access Management", "Identity & Access Management", 3}},
    {ClassUid::GroupManagement,
     "group_management",
     {"Group Management", "Identity & Access Management", 3}},
    {ClassUid::NetworkActivity, "network_activity", {"Network Activity", "Network Activity", 4}},
    {ClassUid::HttpActivity, "http_activity", {"HTTP Activity", "Network Activity", 4}},
    {ClassUid::DnsActivity, "dns_activity", {"DNS Activity", "Network Activity", 4}},
    {ClassUid::DhcpActivity, "dhcp_activity", {"DHCP Activity", "Network Activity", 4}},
    {ClassUid::RdpActivity, "rdp_activity", {"RDP Activity", "Network Activity", 4}},
    {ClassUid::SmbActivity, "smb_activity", {"SMB Activity", "Network Activity", 4}},
    {ClassUid::SshActivity, "ssh_activity", {"SSH Activity", "Network Activity", 4}},
    {ClassUid::FtpActivity, "ftp_activity", {"FTP Activity", "Network Activity", 4}},
    {ClassUid::EmailActivity, "email_activity", {"Email Activity", "Network Activity", 4}},
    {ClassUid::NetworkFileActivity,
     "network_file_activity",
     {"Network File Activity", "Network Activity", 4}},
    {ClassUid::NtpActivity, "ntp_activity", {"NTP Activity", "Network Activity", 4}},
    {ClassUid::TunnelActivity, "tunnel_activity", {"Tunnel Activity", "Network Activity", 4}},
    {ClassUid::WebResourcesActivity,
     "web_resources_activity",
     {"Web Resources Activity", "Application Activity", 6}},
    {ClassUid::ApiActivity, "api_activity", {"API Activity", "Application Activity", 6}},
    {ClassUid::RegistryKeyActivity,
     "registry_key_activity",
     {"Registry Key Activity", "System Activity", 1}},
    {ClassUid::RegistryValueActivity,
     "registry_value_activity",
     {"Registry Value Activity", "System Activity", 1}},
    {ClassUid::WindowsResourceActivity,
     "windows_resource_activity",
     {"Windows Resource Activity", "System Activity", 1}},
    {ClassUid::WindowsServiceActivity,
     "windows_service_activity",
     {"Windows Service Activity", "System Activity", 1}},
};

}  // namespace

const ClassFacts& facts_of(ClassUid class_uid) {
  for (const auto& row : kClasses) {
    if (row.uid == class_uid) return row.facts;
  }
  violate("every ClassUid has a row in the table of classes", std::source_location::current());
}

std::optional<ClassUid> class_named(std::string_view name) {
  for (const auto& row : kClasses) {
    if (row.name == name) return row.uid;
  }
  return std::nullopt;
}

std::string_view schema_name_of(ClassUid class_uid) {
  for (const auto& row : kClasses) {
    if (row.uid == class_uid) return row.name;
  }
  violate("every ClassUid has a row in the table of classes", std::source_location::current());
}

std::vector<std::string> class_names() {
  std::vector<std::string> names;
  for (const auto& row : kClasses) names.emplace_back(row.name);
  return names;
}

std::int64_t type_uid(ClassUid class_uid, std::int64_t activity_id) {
  return std::int64_t{static_cast<std::uint32_t>(class_uid)} * 100 + activity_id;
}

}  // namespace winnow::ocsf
