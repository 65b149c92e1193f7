#include "registry/key_ring.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/json.h"
#include "base/json_text.h"

namespace winnow {
namespace {

constexpr std::string_view kSchema = "winnow.key-ring/1";
constexpr std::uint64_t kMaxRingBytes = 4UL << 20;

Path ring_path(const Path& folder) { return folder / "ring.json"; }
Path private_key_path(const Path& folder, const KeyId& id) {
  return folder / (id.text().substr(0, 16) + ".key");
}

Json to_json(const KeyRing::Key& key) {
  return Json::object({{"created", key.created.text()},
                       {"endorsement", to_base64(key.endorsement)},
                       {"id", key.id.text()},
                       {"public", to_base64(key.public_key.raw())},
                       {"retired", json_text(key.retired)}});
}

Result<KeyRing::Key> key_of(const Json& json) {
  KeyRing::Key key;
  WINNOW_TRY(const auto raw_text, json.need_string("public"));
  WINNOW_TRY(const auto raw, from_base64(raw_text));
  WINNOW_TRY(key.public_key, Ed25519PublicKey::from_raw(raw));
  WINNOW_TRY(const auto created, json.need_string("created"));
  WINNOW_TRY(key.created, Timestamp::parse(created));
  WINNOW_TRY(const auto endorsement, json.need_string("endorsement"));
  WINNOW_TRY(key.endorsement, from_base64(endorsement));
  if (!json["retired"].is_null()) {
    WINNOW_TRY(const auto retired, json.need_string("retired"));
    WINNOW_TRY(const auto time, Timestamp::parse(retired));
    key.retired = time;
  }
  WINNOW_TRY(const auto id, json.need_string("id"));
  key.id = id_of(key.public_key);
  if (key.id.text() != id)
    return Error(Code::InvalidArgument,
                 fmt::format("key '{}' does not have the id it claims", id.substr(0, 64)));
  return key;
}

Result<std::vector<KeyRing::Key>> keys_of(std::string_view text) {
  WINNOW_TRY(const auto json, parse_json(text));
  if (json["schema"].as_string() != kSchema)
    return Error(Code::Unsupported, "its schema is not " + std::string(kSchema));
  std::vector<KeyRing::Key> keys;
  for (const auto& item : json["keys"].items()) {
    WINNOW_TRY(auto key, key_of(item));
    const bool endorsed = keys.empty() ? key.endorsement.empty()
                                       : keys.back().public_key.verifies(
                                             endorsed_text(key, keys.back().id), key.endorsement);
    if (!endorsed)
      return Error(Code::Corrupt,
                   fmt::format("key '{}' is not endorsed by the key before it", key.id.text()));
    keys.push_back(std::move(key));
  }
  if (keys.empty()) return Error(Code::Corrupt, "it has no key");
  return keys;
}

Status write_ring(const Path& folder, const std::vector<KeyRing::Key>& keys) {
  std::vector<Json> items;
  for (const auto& key : keys) items.push_back(to_json(key));
  const auto json = Json::object({{"keys", Json::array(std::move(items))}, {"schema", kSchema}});
  return write_atomically(ring_path(folder), to_pretty_text(json) + "\n");
}

Status write_private_key(const Path& folder, const Ed25519PrivateKey& key) {
  const auto path = private_key_path(folder, id_of(key.public_key()));
  WINNOW_TRY(auto file, NewFile::create(path.string() + ".new", 0600));
  WINNOW_TRY(file.append(key.pem()));
  WINNOW_TRY(file.sync());
  WINNOW_TRY(file.rename_to(path));
  return sync_folder(folder);
}

Result<Ed25519PrivateKey> read_private_key(const Path& folder, const KeyRing::Key& owner) {
  using std::filesystem::perms;
  const auto path = private_key_path(folder, owner.id);
  std::error_code error;
  const auto mode = std::filesystem::status(path, error).permissions();
  if (!error && (mode & (perms::group_all | perms::others_all)) != perms::none) {
    return Error(Code::Denied, fmt::format("others may read the private key '{}'", path.string()))
        .with_hint("chmod 600 it; if somebody may have read it, rotate the keys");
  }
  WINNOW_TRY(const auto pem, read_file(path, 1UL << 16));
  auto key = Ed25519PrivateKey::from_pem(pem);
  if (!key || key->public_key() != owner.public_key) {
    return Error(Code::Corrupt,
                 fmt::format("'{}' is not the private key of '{}'", path.string(), owner.id.text()))
        .with_hint("restore the workspace from a backup");
  }
  return key;
}

}  // namespace

KeyId id_of(const Ed25519PublicKey& key) { return KeyId(sha256(key.der()).hex()); }

std::string endorsed_text(const KeyRing::Key& key, const KeyId& endorser) {
  return fmt::format("winnow key endorsement v1\n{}\n{}\n{}\n", key.id.text(), endorser.text(),
                     key.created.text());
}

Result<KeyRing> KeyRing::create(const Path& folder, const Clock& clock) {
  std::error_code ignored;
  if (std::filesystem::exists(ring_path(folder), ignored)) {
    return Error(Code::AlreadyExists, fmt::format("'{}' holds keys already", folder.string()));
  }
  WINNOW_TRY(make_folders(folder));
  auto private_key = Ed25519PrivateKey::generate();
  std::vector<Key> keys{
      {id_of(private_key.public_key()), private_key.public_key(), clock.now(), {}, {}}};
  WINNOW_TRY(write_private_key(folder, private_key));
  WINNOW_TRY(write_ring(folder, keys));
  return KeyRing(folder, std::move(keys), std::move(private_key));
}

Result<KeyRing> KeyRing::open(const Path& folder, Access access) {
  WINNOW_TRY(const auto text, read_file(ring_path(folder), kMaxRingBytes));
  auto keys = keys_of(text);
  if (!keys) {
    const auto code = keys.error().code() == Code::Unsupported ? Code::Unsupported : Code::Corrupt;
    return Error(code, fmt::format("'{}' is not a key ring: {}", ring_path(folder).string(),
                                   keys.error().message()))
        .with_hint("restore the workspace from a backup");
  }
  std::optional<Ed25519PrivateKey> private_key;
  if (access == Access::ReadWrite) {
    WINNOW_TRY(auto key, read_private_key(folder, keys->back()));
    private_key = std::move(key);
  }
  return KeyRing(folder, *std::move(keys), std::move(private_key));
}

const KeyRing::Key* KeyRing::find(const KeyId& id) const {
  for (const auto& key : keys_) {
    if (key.id == id) return &key;
  }
  return nullptr;
}

Result<std::string> KeyRing::sign(std::string_view message) const {
  if (!private_key_) return Error(Code::Denied, "the keys were opened to verify only, not to sign");
  return private_key_->sign(message);
}

Status KeyRing::verify(const KeyId& id, std::string_view message,
                       std::string_view signature) const {
  const auto* key = find(id);
  if (key == nullptr) {
    return Error(Code::Denied,
                 fmt::format("key '{}' is not one of this workspace", id.text().substr(0, 64)));
  }
  if (!key->public_key.verifies(message, signature)) {
    return Error(Code::Denied, fmt::format("the signature by key '{}' does not verify", id.text()));
  }
  return {};
}

// First the private key, then the ring that makes it current, then the old private key goes: a
// crash between leaves at worst a key file that no ring mentions.
Status KeyRing::rotate(const Clock& clock) {
  if (!private_key_)
    return Error(Code::Denied, "the keys were opened to verify only, not to rotate");
  auto next_private = Ed25519PrivateKey::generate();
  Key next{id_of(next_private.public_key()), next_private.public_key(), clock.now(), {}, {}};
  next.endorsement = private_key_->sign(endorsed_text(next, current().id));
  auto keys = keys_;
  keys.back().retired = next.created;
  keys.push_back(next);
  WINNOW_TRY(write_private_key(folder_, next_private));
  WINNOW_TRY(write_ring(folder_, keys));
  const auto old_path = private_key_path(folder_, current().id);
  keys_ = std::move(keys);
  private_key_ = std::move(next_private);
  std::error_code error;
  if (!std::filesystem::remove(old_path, error) && error) {
    return system_error(fmt::format("deleting the retired private key '{}'", old_path.string()),
                        error.value());
  }
  return sync_folder(folder_);
}

}  // namespace winnow
