#include "server/threads/records.h"

namespace winnow::server {
namespace {

constexpr int kThreads = 2;  // one may be busy with a verification

}  // namespace

Result<std::unique_ptr<Records>> Records::start(const Path& data, const ServiceFiles& files,
                                                const Clock& clock, std::function<void()> before) {
  std::unique_ptr<Records> records(new Records(data, std::move(before)));
  for (int i = 0; i < kThreads; ++i) {
    WINNOW_TRY(auto registry, Registry::open(data, clock, Access::ReadOnly));
    WINNOW_TRY(auto deployments, Deployments::open(*registry, files.database, Access::ReadOnly));
    WINNOW_TRY(auto decisions, DecisionStore::open(files.database, Access::ReadOnly));
    records->threads_.add("records",
                          {std::move(registry), std::move(deployments), std::move(decisions)});
  }
  return records;
}

std::string Records::without_folder(std::string text) const {
  const auto folder = data_.string() + "/";
  for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder, at))
    text.erase(at, folder.size());
  return text;
}

}  // namespace winnow::server
