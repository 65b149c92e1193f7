#include "cli/detail/served_tls.h"

#include <fmt/format.h>

#include "base/log.h"

namespace winnow::cli {

Result<std::unique_ptr<ServedTls>> ServedTls::load(const std::optional<Path>& certificate,
                                                   const std::optional<Path>& key,
                                                   const std::optional<Path>& client_ca,
                                                   std::string_view section) {
  if (!certificate && !key) return std::unique_ptr<ServedTls>();
  if (!certificate || !key) {
    return Error(Code::InvalidArgument, certificate ? "there is a certificate, but no key for it"
                                                    : "there is a key, but no certificate for it")
        .with_hint(fmt::format("TLS needs both: {0}.certificate and {0}.key", section));
  }
  auto tls = http::Tls::load({*certificate, *key, client_ca});
  if (!tls) return tls.error().with_context("TLS");
  return std::unique_ptr<ServedTls>(new ServedTls(std::move(*tls)));
}

Result<std::unique_ptr<ServedTls>> ServedTls::of(const Settings& settings) {
  return load(settings.file("server.tls.certificate"), settings.file("server.tls.key"), {},
              "server.tls");
}

Result<std::unique_ptr<ServedTls>> ServedTls::of_syslog(const Settings& settings) {
  if (settings.text("syslog.tls").empty()) return std::unique_ptr<ServedTls>();
  const bool own = settings.file("syslog.certificate") || settings.file("syslog.key");
  const std::string section = own ? "syslog" : "server.tls";
  WINNOW_TRY(auto tls,
             load(settings.file(section + ".certificate"), settings.file(section + ".key"),
                  settings.file("syslog.client_ca_file"), section));
  if (!tls) {
    return Error(Code::InvalidArgument, "syslog.tls has no certificate")
        .with_hint("syslog.certificate and syslog.key, or those of server.tls");
  }
  return tls;
}

void ServedTls::look(Timestamp now) {
  const auto renewed = tls_->renew();
  const auto error = renewed ? std::string() : renewed.error().text();
  if (!error.empty() && error != told_error_) {
    log::warn("the certificate cannot be renewed; the one before stays, and it is tried again",
              {{"error", error}});
  }
  told_error_ = error;
  if (renewed && *renewed)
    log::info("the certificate is renewed", {{"expires", tls_->expires().text()}});
  auto warnings = tls_->warnings(now);
  if (warnings == told_) return;
  for (const auto& warning : warnings) log::warn("TLS", {{"warning", warning}});
  told_ = std::move(warnings);
}

}  // namespace winnow::cli
