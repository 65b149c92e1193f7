// The one data model: an event normalised to an OCSF class (schema 1.8), https://schema.ocsf.io.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/contract.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/timestamp.h"

namespace winnow::ocsf {

enum class ClassUid : std::uint32_t {
  BaseEvent = 0,
  FileSystemActivity = 1001,
  KernelExtensionActivity = 1002,
  ModuleActivity = 1005,
  ScheduledJobActivity = 1006,
  ProcessActivity = 1007,
  EventLogActivity = 1008,
  ScriptActivity = 1009,
  DetectionFinding = 2004,
  AccountChange = 3001,
  Authentication = 3002,
  AuthorizeSession = 3003,
  EntityManagement = 3004,
  UserAccess = 3005,
  GroupManagement = 3006,
  NetworkActivity = 4001,
  HttpActivity = 4002,
  DnsActivity = 4003,
  DhcpActivity = 4004,
  RdpActivity = 4005,
  SmbActivity = 4006,
  SshActivity = 4007,
  FtpActivity = 4008,
  EmailActivity = 4009,
  NetworkFileActivity = 4010,
  NtpActivity = 4013,
  TunnelActivity = 4014,
  WebResourcesActivity = 6001,
  ApiActivity = 6003,
  RegistryKeyActivity = 201001,
  RegistryValueActivity = 201002,
  WindowsResourceActivity = 201003,
  WindowsServiceActivity = 201004,
};

// An attribute path, interned: "email.from", "email_auth.spf", "unmapped.mail.text". Inside a
// list's records the path is relative to the list: "url_string" within "email.urls". A step "0" is
// the only record of a list: "hashes.0.value". Cheap to copy and compare; the order is that of
// first sight, good for tables only.
class Attribute {
 public:
  // Interns the path on first sight; thread-safe; a process keeps every path it ever saw, so paths
  // come from content and code, never from event data.
  static Attribute of(std::string_view path);
  std::string_view path() const;
  std::uint32_t id() const { return id_; }
  auto operator<=>(const Attribute&) const = default;

 private:
  explicit Attribute(std::uint32_t id) : id_(id) {}
  std::uint32_t id_;
};

class Record;

// An attribute's value; texts and lists are borrowed from the event. Absent is a value, not an
// error.
class Value {
 public:
  enum class Kind : std::uint8_t { Absent, Bool, Int, Real, Text, Texts, Records };

  Value() = default;
  static Value of(bool value) { return {Kind::Bool, std::int64_t{value}}; }
  static Value of(std::int64_t value) { return {Kind::Int, value}; }
  static Value of(double value) { return {Kind::Real, std::bit_cast<std::int64_t>(value)}; }
  static Value of(std::string_view value) { return {Kind::Text, value.size(), value.data()}; }
  static Value of(std::span<const std::string_view> value) {
    return {Kind::Texts, value.size(), value.data()};
  }
  static Value of(std::span<const Record> value);

  Kind kind() const { return static_cast<Kind>(kind_and_size_ & 0xFF); }
  bool is_absent() const { return kind() == Kind::Absent; }
  // What it holds, or the neutral value of the asked kind (false, 0, empty) when it holds something
  // else.
  bool as_bool() const { return kind() == Kind::Bool && bits_ != 0; }
  std::int64_t as_int() const { return kind() == Kind::Int ? bits_ : 0; }
  double as_real() const;  // an Int converts
  std::string_view as_text() const {
    if (kind() != Kind::Text) return {};
    return {static_cast<const char*>(data_), size()};
  }
  std::span<const std::string_view> as_texts() const;
  std::span<const Record> as_records() const;

 private:
  Value(Kind kind, std::int64_t bits)
      : kind_and_size_(static_cast<std::uint64_t>(kind)), bits_(bits) {}
  Value(Kind kind, std::size_t size, const void* data)
      : kind_and_size_(static_cast<std::uint64_t>(kind) | std::uint64_t{size} << 32), data_(data) {
    ensure(size <= UINT32_MAX, "a mapping bounds its texts and lists");
  }
  std::size_t size() const { return kind_and_size_ >> 32; }

  // Two whole words, so that a value is made, moved and stored in registers: an event has tens.
  std::uint64_t kind_and_size_ = 0;  // the size of a text or list in the upper half
  union {
    std::int64_t bits_ = 0;  // of a bool, an Int or a Real
    const void* data_;       // of a text or list
  };
};

struct Field {
  Attribute attribute;
  Value value;
};

// Attributes with their values, in the order the mapping set them. A view into its event.
class Record {
 public:
  Record() = default;
  explicit Record(std::span<const Field> fields) : fields_(fields) {}
  Value get(Attribute attribute) const;  // linear in the number of attributes (tens)
  std::span<const Field> fields() const { return fields_; }

 private:
  std::span<const Field> fields_;
};

enum class EntityKind : std::uint8_t {
  User,
  Host,
  Ip,
  Mailbox,
  Domain,
  FileHash,
  CloudPrincipal,
  Process,  // by an identity that no other process ever has: a Sysmon GUID
  Session,  // a logon on a host: "host/0x3e7"
};
enum class Role : std::uint8_t { Actor, Target, Source, Mentioned };
std::string_view name_of(EntityKind kind);  // "user", "host", "ip", "mailbox", "domain",
                                            // "file_hash", "cloud_principal", "process", "session"
std::string_view name_of(Role role);

struct Entity {
  EntityKind kind;
  Role role;
  std::string_view key;  // normalised: a lower-case mailbox, an ASCII registrable domain, ...
};

// One normalised record. Owns its bytes; cheap to move, not copied. Immutable, so threads may share
// it.
class Event {
 public:
  ClassUid class_uid() const;
  Timestamp time() const;                // event time
  const Digest& raw_digest() const;      // SHA-256 of the bytes as received
  Value get(Attribute attribute) const;  // absent is a value, not an error
  const Record& attributes() const;
  std::span<const Entity> entities()
      const;  // those the event names, with their role; unique per (kind, role, key)

  // The event as OCSF JSON; `unmapped.*` included unless left out (it can hold a mail's whole
  // text).
  enum class Unmapped { Include, LeaveOut };
  Json json(Unmapped unmapped) const;

  // The same event at another time, for who knows it better than the record: a log of events knows
  // when a record without a date arrived.
  Event at(Timestamp time) &&;

  ~Event();
  Event(Event&&) noexcept;
  Event& operator=(Event&&) noexcept;

 private:
  friend class EventBuilder;
  struct State;
  explicit Event(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Builds one event; texts are copied into the event's arena. Setting an attribute twice is a bug of
// the mapping.
class EventBuilder {
 public:
  EventBuilder(ClassUid class_uid, Timestamp time, const Digest& raw_digest);
  // For a record whose texts take about so many bytes: less memory than a mail needs.
  EventBuilder(ClassUid class_uid, Timestamp time, const Digest& raw_digest,
               std::size_t text_bytes);
  ~EventBuilder();
  EventBuilder(EventBuilder&&) noexcept;

  // A bool only: a pointer or an array would convert to one without a word.
  EventBuilder& set(Attribute attribute, std::same_as<bool> auto value) {
    return add(attribute, Value::of(value));
  }
  EventBuilder& set(Attribute attribute, std::int64_t value);
  EventBuilder& set(Attribute attribute, double value);
  EventBuilder& set(Attribute attribute, std::string_view value);
  EventBuilder& set(Attribute attribute, const char* value) {
    return set(attribute, std::string_view(value));
  }
  EventBuilder& set(Attribute attribute, std::span<const std::string_view> values);
  // For mappings that copy a whole record once: the bytes of `text` as the event's own, and a value
  // whose texts lie in such bytes, or outlive every event.
  std::string_view keep(std::string_view text);
  std::span<const std::string_view> keep_list(
      std::span<const std::string_view> texts);  // not the texts
  EventBuilder& set_kept(Attribute attribute, Value value) { return add(attribute, value); }
  // Many such values at once, of attributes that differ and are set nowhere else: who compiles a
  // mapping has seen to that, once for all its events.
  EventBuilder& set_all_kept(std::span<const Field> fields);
  // A list of records: begin_list, then for each record begin_record and set(...), then end_list.
  // No nesting.
  EventBuilder& begin_list(Attribute attribute);
  EventBuilder& begin_record();
  EventBuilder& end_list();
  EventBuilder& name_entity(EntityKind kind, Role role,
                            std::string_view key);  // repeated ones are kept once
  EventBuilder& name_kept_entity(EntityKind kind, Role role,
                                 std::string_view key);  // the key as in set_kept

  // The event; the builder is used up. Class facts (category_uid, type_uid, time, metadata.version,
  // raw_data_hash) are not attributes: json() adds them.
  Event finish() &&;

 private:
  EventBuilder& add(Attribute attribute,
                    Value value);  // its text or list lies in the arena already
  bool is_named(EntityKind kind, Role role, std::string_view key) const;
  std::unique_ptr<Event::State> state_;
};

}  // namespace winnow::ocsf
