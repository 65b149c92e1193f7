#include "fetch/fetch.h"

#include <algorithm>
#include <array>

#include <curl/curl.h>
#include <fmt/format.h>

#include "base/contract.h"

namespace winnow {
namespace {

constexpr curl_off_t kMostWait = 24L * 3600;  // seconds: a peer asks for no more than a day

struct Answer {
  std::string body;
  bool too_large = false;
};

std::size_t keep(char* bytes, std::size_t, std::size_t size, void* to) {
  auto& answer = *static_cast<Answer*>(to);
  answer.too_large = answer.body.size() + size > Fetch::kMaxBytes;
  if (answer.too_large) return 0;
  answer.body.append(bytes, size);
  return size;
}

int is_stopped(void* stopped, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(stopped)->load() ? 1 : 0;
}

std::string authorization_field(std::string_view value) {
  return fmt::format("Authorization: {}", value);
}

void* new_handle() {
  static const CURLcode begun = curl_global_init(CURL_GLOBAL_DEFAULT);
  return begun == CURLE_OK ? curl_easy_init() : nullptr;
}

// For messages: queries may hold secrets.
std::string_view without_query(std::string_view url) { return url.substr(0, url.find('?')); }

}  // namespace

Fetch::Fetch(FetchOptions options)
    : options_(std::move(options)),
      handle_(new_handle(), [](void* handle) { curl_easy_cleanup(handle); }) {
  ensure(handle_ != nullptr, "libcurl can be used");
}
Fetch::~Fetch() = default;

Result<Fetched> Fetch::get(const std::string& url, std::string_view authorization) {
  curl_easy_reset(handle_.get());
  std::vector<std::string> fields;
  if (!authorization.empty()) fields.push_back(authorization_field(authorization));
  return perform(url, fields);
}

Result<Fetched> Fetch::post(const std::string& url, std::string_view content_type,
                            std::string_view body, std::string_view authorization) {
  if (authorization.empty()) return post(url, content_type, body, std::span<const std::string>());
  const auto field = authorization_field(authorization);
  return post(url, content_type, body, std::span(&field, 1));
}

Result<Fetched> Fetch::post(const std::string& url, std::string_view content_type,
                            std::string_view body, std::span<const std::string> more) {
  auto* const handle = handle_.get();
  curl_easy_reset(handle);
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.data());
  std::vector<std::string> fields = {fmt::format("Content-Type: {}", content_type),
                                     "Accept: application/json", "Expect:"};
  fields.insert(fields.end(), more.begin(), more.end());
  return perform(url, fields);
}

Result<Fetched> Fetch::perform(const std::string& url, std::span<const std::string> fields) {
  auto* const handle = handle_.get();
  Answer answer;
  curl_slist* list = nullptr;
  for (const auto& field : fields) list = curl_slist_append(list, field.c_str());
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> owned(list, curl_slist_free_all);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, list);
  std::array<char, CURL_ERROR_SIZE> why{};
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_NOPROXY, "localhost,127.0.0.1,[::1]");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect.count()));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.total.count()));
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  if (!options_.authorities.empty())
    curl_easy_setopt(handle, CURLOPT_CAINFO, options_.authorities.c_str());
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "winnow");
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, is_stopped);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &stopped_);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, why.data());
  const CURLcode code = curl_easy_perform(handle);
  if (answer.too_large)
    return Error(Code::Exhausted, fmt::format("{} answers too much", without_query(url)));
  if (code != CURLE_OK) {
    return Error(Code::Unavailable,
                 fmt::format("{} does not answer: {}", without_query(url),
                             why.front() != '\0' ? why.data() : curl_easy_strerror(code)));
  }
  Fetched fetched;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &fetched.status);
  curl_off_t retry_after = 0;
  if (curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &retry_after) == CURLE_OK)
    fetched.retry_after = std::chrono::seconds(std::clamp<curl_off_t>(retry_after, 0, kMostWait));
  fetched.body = std::move(answer.body);
  return fetched;
}

}  // namespace winnow
