#include "cli/detail/served_tls.h"

#include "base/log.h"

namespace winnow::cli {

Result<std::unique_ptr<ServedTls>> ServedTls::of(const Settings& settings) {
  const auto certificate = settings.file("server.tls.certificate");
  const auto key = settings.file("server.tls.key");
  if (!certificate && !key) return std::unique_ptr<ServedTls>();
  if (!certificate || !key) {
    return Error(Code::InvalidArgument, certificate ? "there is a certificate, but no key for it"
                                                    : "there is a key, but no certificate for it")
        .with_hint("TLS needs both: server.tls.certificate and server.tls.key");
  }
  auto tls = http::Tls::load({*certificate, *key});
  if (!tls) return tls.error().with_context("TLS");
  return std::unique_ptr<ServedTls>(new ServedTls(std::move(*tls)));
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
