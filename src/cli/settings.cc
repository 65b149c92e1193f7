#include "cli/detail/settings.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <thread>

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "base/utf8.h"
#include "base/yaml.h"

namespace winnow::cli {
namespace {

using Kind = Setting::Kind;

constexpr Setting kSchema[] = {
    {Kind::Text, "actor", "who acts, for the audit log (default: the user's name)", "", "actor"},
    {Kind::Count, "threads",
     "of training; its results are the same with any number (default: all cores)", "", "threads"},
    {Kind::Bytes, "ingest.max_record", "a larger mail goes to quarantine", "32MiB"},
    {Kind::Bytes, "ingest.max_csv_record", "a larger record of a CSV log goes to quarantine",
     "4MiB"},
    {Kind::Text, "server.listen", "where winnow serve listens", "127.0.0.1:8420", "listen"},
    {Kind::Bytes, "server.spool", "how much may wait on disk to be decided", "1GiB", "", "64TiB"},
    {Kind::Count, "server.requests_a_second", "of one token; beyond it is told to wait", "2000", "",
     "10000000"},
    {Kind::File, "server.tls.certificate", "PEM file of a certificate and its chain: HTTPS", "",
     "tls-certificate"},
    {Kind::File, "server.tls.key", "PEM file of its private key", "", "tls-key"},
    {Kind::Optional, "server.oidc.issuer", "an identity provider, as it calls itself: https://..."},
    {Kind::Optional, "server.oidc.client_id", "as what it knows Winnow"},
    {Kind::File, "server.oidc.client_secret_file", "or the secret in WINNOW_OIDC_CLIENT_SECRET"},
    {Kind::Optional, "server.oidc.url", "where browsers reach this server: https://soc.example"},
    {Kind::Optional, "server.oidc.roles", "GROUP=ROLE, ...; the first that somebody has is theirs"},
    {Kind::Text, "server.oidc.claim", "of the ID token: the groups", "groups"},
    {Kind::Text, "server.oidc.scopes", "what is asked for", "openid email profile"},
    {Kind::Text, "server.oidc.name", "on the button: sign in with ...", "your organisation"},
    {Kind::Optional, "server.oidc.hosts", "besides the issuer's, where its endpoints may be"},
    {Kind::Optional, "syslog.udp", "where serve receives syslog as datagrams: 0.0.0.0:514"},
    {Kind::Optional, "syslog.tcp", "where it receives it by TCP: 0.0.0.0:601"},
    {Kind::Optional, "syslog.tls", "where it receives it by TLS: 0.0.0.0:6514"},
    {Kind::Text, "syslog.source", "whose records these are", "syslog"},
    {Kind::Bytes, "syslog.max_message", "of a larger message the front goes to quarantine", "64KiB",
     "", "1MiB"},
    {Kind::Count, "syslog.connections", "how many senders at once, by TCP and TLS", "1000", "",
     "100000"},
    {Kind::File, "syslog.certificate", "for syslog.tls; default: that of server.tls"},
    {Kind::File, "syslog.key", "its private key"},
    {Kind::File, "syslog.client_ca_file", "PEM file: only who shows a certificate of these sends"},
    {Kind::Optional, "tail.files", "files that serve follows: /var/log/mail/*.json, ..."},
    {Kind::Optional, "tail.source", "whose records these are; default: the file's name"},
    {Kind::Bytes, "tail.max_line", "of a longer one the front goes to quarantine", "1MiB", "",
     "16MiB"},
    {Kind::Text, "privacy.mail_bodies", "roles that may read what mails say, or nobody",
     "analyst, senior"},
    {Kind::Days, "retention.mails", "how long mails without a label are kept", "forever"},
    {Kind::Days, "retention.labelled_mails", "how long mails that models learn from are kept",
     "forever"},
    {Kind::Days, "retention.cases", "how long cases are kept once they are resolved", "forever"},
    {Kind::Days, "retention.decisions", "how long decisions that closed a mail are kept",
     "forever"},
    {Kind::Days, "retention.quarantine", "how long records that could not be used are kept",
     "forever"},
    {Kind::Text, "retention.at", "when `serve` removes what is older: time of day, UTC; or never",
     "03:00"},
    {Kind::Optional, "telemetry.otlp.endpoint", "traces go there: http://127.0.0.1:4318"},
    {Kind::File, "telemetry.otlp.headers_file", "what the collector asks for: 'name: value' lines"},
    {Kind::Text, "telemetry.otlp.ratio", "how many requests are traced: 0 to 1", "0.01"},
};

constexpr std::string_view kSampleHead =
    "# How Winnow runs here; every key is optional. `winnow config show` tells each value and "
    "where it\n"
    "# comes from: an environment variable (WINNOW_INGEST__MAX_RECORD for ingest.max_record) wins "
    "over\n"
    "# this file, an option on the command line over both. What shapes decisions is content/.\n\n";

constexpr std::string_view kMostCount = "1024";
constexpr std::string_view kMostBytes = "1GiB";
constexpr std::uint64_t kMaxDays = 36'500;

bool is_below(std::string_view key, std::string_view section) {
  return key.size() > section.size() && key.starts_with(section) && key[section.size()] == '.';
}

bool may_be_empty(const Setting& setting) {
  return setting.kind == Kind::Optional || setting.kind == Kind::File;
}

std::string default_of(const Setting& setting) {
  if (!setting.fallback.empty() || may_be_empty(setting)) return std::string(setting.fallback);
  if (setting.kind == Kind::Count)
    return std::to_string(std::max(1U, std::thread::hardware_concurrency()));
  const passwd* user = ::getpwuid(::getuid());
  return user != nullptr ? user->pw_name : fmt::format("uid {}", ::getuid());
}

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};
constexpr Unit kUnits[] = {
    {"", 1},           {"B", 1}, {"KiB", 1UL << 10}, {"MiB", 1UL << 20}, {"GiB", 1UL << 30},
    {"TiB", 1UL << 40}};

std::string_view most_of(const Setting& setting) {
  if (!setting.most.empty()) return setting.most;
  return setting.kind == Kind::Count ? kMostCount : kMostBytes;
}

// "32MiB", "4096", "64 KiB"; "8" of a count. At least 1.
std::optional<std::uint64_t> number_in(std::string_view text, Kind kind) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  const auto rest = trim_ascii(text.substr(static_cast<std::size_t>(end - text.data())));
  const auto* unit = std::ranges::find(kUnits, rest, &Unit::name);
  if (unit == std::end(kUnits) || (kind == Kind::Count && unit->bytes != 1)) return std::nullopt;
  if (number == 0 || number > UINT64_MAX / unit->bytes) return std::nullopt;
  return number * unit->bytes;
}

// "90d"; "forever" is 0.
std::optional<std::uint64_t> days_in(std::string_view text) {
  if (text == "forever") return 0;
  std::uint64_t days = 0;
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, days);
  const bool is_days = error == std::errc() && std::string_view(rest, end) == "d";
  if (!is_days || days == 0 || days > kMaxDays) return std::nullopt;
  return days;
}

struct NumberWords {
  std::string_view what;
  std::string hint;
};
NumberWords words_of(Kind kind, std::string_view most) {
  if (kind == Kind::Count) return {"the number", fmt::format("a number from 1 to {}", most)};
  if (kind == Kind::Days) return {"the time", fmt::format("1d to {}d, or forever", kMaxDays)};
  return {"the size", fmt::format("a size such as 512KiB or 32MiB, at most {}", most)};
}

Status read_value(SettingValue& value) {
  const auto& setting = *value.setting;
  if (may_be_empty(setting)) return {};
  if (setting.kind == Kind::Text) {
    if (!trim_ascii(value.text).empty()) return {};
    return Error(Code::InvalidArgument,
                 fmt::format("{}: '{}' is empty", value.origin, setting.key));
  }
  const auto number =
      setting.kind == Kind::Days ? days_in(value.text) : number_in(value.text, setting.kind);
  const auto most = most_of(setting);
  const bool fits =
      number && (setting.kind == Kind::Days || *number <= number_in(most, setting.kind));
  if (fits) {
    value.number = *number;
    return {};
  }
  const auto [what, hint] = words_of(setting.kind, most);
  return Error(Code::InvalidArgument, fmt::format("{}: '{}' cannot be {} '{}'", value.origin,
                                                  setting.key, what, value.text))
      .with_hint(hint);
}

const Setting* setting_named(std::string_view key) {
  const auto* found = std::ranges::find(kSchema, key, &Setting::key);
  return found == std::end(kSchema) ? nullptr : found;
}

Error unknown_key(const Yaml& at, const std::string& key) {
  std::vector<std::string> known;
  for (const auto& setting : kSchema) known.emplace_back(setting.key);
  const auto near = nearest(key, known);
  return at.error(fmt::format("unknown key '{}'", key))
      .with_hint(near.empty() ? "winnow config show lists the keys"
                              : fmt::format("did you mean '{}'?", near));
}

// Puts what the file says over the defaults; `prefix` is empty, or "ingest.".
Status read_members(const Yaml& map, const std::string& prefix, const std::string& file,
                    std::vector<SettingValue>& values) {
  for (const auto& [name, node] : map.members()) {
    const std::string key = prefix + name;
    const bool is_section = std::ranges::any_of(
        kSchema, [&](const Setting& setting) { return is_below(setting.key, key); });
    if (is_section) {
      if (!node.is_map() && !node.is_null())
        return node.error(fmt::format("'{}' is a section: its keys stand below it", key));
      WINNOW_TRY(read_members(node, key + ".", file, values));
      continue;
    }
    const auto* setting = setting_named(key);
    if (setting == nullptr) return unknown_key(node, key);
    if (!node.is_scalar()) return node.error(fmt::format("'{}' has one value", key));
    auto& value = values[static_cast<std::size_t>(setting - kSchema)];
    value.text = node.scalar();
    value.origin = fmt::format("{}:{}", file, node.line());
  }
  return {};
}

}  // namespace

std::span<const Setting> setting_schema() { return kSchema; }

std::string environment_name(const Setting& setting) {
  std::string name = "WINNOW_";
  for (const char c : setting.key) {
    if (c == '.') {
      name += "__";
    } else {
      name.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    }
  }
  return name;
}

std::string sample_configuration() {
  std::string sample(kSampleHead);
  std::string_view last;
  for (const auto& setting : kSchema) {
    std::string indent;
    std::size_t begin = 0;  // of the name that stands on its own line: sections first, then the key
    for (auto dot = setting.key.find('.'); dot != std::string_view::npos;
         dot = setting.key.find('.', begin)) {
      if (!is_below(last, setting.key.substr(0, dot)))
        sample += fmt::format("# {}{}:\n", indent, setting.key.substr(begin, dot - begin));
      indent += "  ";
      begin = dot + 1;
    }
    const auto entry = fmt::format("{}{}: {}", indent, setting.key.substr(begin), setting.fallback);
    sample += fmt::format("# {:<26} # {}\n", entry, setting.meaning);
    last = setting.key;
  }
  return sample;
}

Result<Settings> Settings::read(const Path& file, const Arguments& arguments) {
  Settings settings;
  for (const auto& setting : kSchema)
    settings.values_.push_back({&setting, default_of(setting), "default"});
  WINNOW_TRY(const auto yaml, Yaml::read(file.string()));
  if (!yaml.is_map() && !yaml.is_null()) return yaml.error("a configuration is a map of keys");
  WINNOW_TRY(read_members(yaml, "", file.filename().string(), settings.values_));
  for (auto& value : settings.values_) {
    value.folder = file.parent_path();
    const auto variable = environment_name(*value.setting);
    if (const char* text = std::getenv(variable.c_str()); text != nullptr && *text != '\0') {
      value.text = text;
      value.origin = variable;
      value.folder.clear();
    }
    const auto option = value.setting->option;
    if (!option.empty() && arguments.has(option)) {
      value.text = arguments.text(option);
      value.origin = fmt::format("--{}", option);
      value.folder.clear();
    }
    WINNOW_TRY(read_value(value));
  }
  return settings;
}

const SettingValue& Settings::value(std::string_view key) const {
  const auto* setting = setting_named(key);
  ensure(setting != nullptr, "a setting that is read stands in the schema");
  return values_[static_cast<std::size_t>(setting - kSchema)];
}

const std::string& Settings::text(std::string_view key) const { return value(key).text; }
std::optional<Path> Settings::file(std::string_view key) const {
  const auto& found = value(key);
  return found.text.empty() ? std::nullopt : std::optional(found.folder / found.text);
}
std::optional<std::chrono::days> Settings::days(std::string_view key) const {
  const auto count = value(key).number;
  return count == 0 ? std::nullopt : std::optional(std::chrono::days(count));
}
std::uint64_t Settings::number(std::string_view key) const { return value(key).number; }

}  // namespace winnow::cli
