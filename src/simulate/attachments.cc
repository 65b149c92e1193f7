#include <array>

#include <fmt/format.h>

#include "base/bytes.h"
#include "simulate/detail/letter.h"

namespace winnow::simulate {
namespace {

std::string random_bytes(std::size_t size, Rng& rng) {
  std::string bytes;
  bytes.reserve(size);
  while (bytes.size() < size) bytes.push_back(static_cast<char>(rng.below(256)));
  return bytes;
}

// CRC-32 as ZIP and PNG use it (ISO 3309), bit by bit: attachments are small.
std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : bytes) {
    crc ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1U ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

void put_big_endian(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

void put_chunk(std::string& out, std::string_view kind, std::string_view bytes) {
  put_big_endian(out, static_cast<std::uint32_t>(bytes.size()));
  const std::string checked = std::string(kind) + std::string(bytes);
  out += checked;
  put_big_endian(out, crc32(checked));
}

}  // namespace

Attachment pdf_file(const std::string& name, Rng& rng) {
  const auto size = static_cast<std::size_t>(rng.between(400, 4000));
  return {name, "application/pdf",
          "%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\nstream\n" + random_bytes(size, rng) +
              "\nendstream\n%%EOF\n",
          ""};
}

Attachment png_image(const std::string& name, std::size_t bytes, Rng& rng) {
  std::string image("\x89PNG\r\n\x1a\n", 8);
  std::string header;
  put_big_endian(header, 240);
  put_big_endian(header, 240);
  header.append("\x08\x02\x00\x00\x00", 5);
  put_chunk(image, "IHDR", header);
  put_chunk(image, "IDAT", random_bytes(bytes, rng));
  put_chunk(image, "IEND", "");
  return {name, "image/png", std::move(image), ""};
}

Attachment login_page(const std::string& name, const std::string& brand, const std::string& url) {
  return {name, "text/html",
          fmt::format("<html><head><title>{0}</title></head><body><h2>{0}</h2>\n"
                      "<form method=\"post\" action=\"{1}\"><input name=\"user\">"
                      "<input name=\"secret\" type=\"password\"><input type=\"submit\"></form>\n"
                      "<script>document.forms[0].user.focus()</script></body></html>\n",
                      brand, url),
          ""};
}

// One stored entry (APPNOTE 6.3.9, sections 4.3.7, 4.3.12, 4.3.16).
Attachment zip_of(const Attachment& inside, const std::string& name) {
  const auto size = static_cast<std::uint32_t>(inside.bytes.size());
  const auto name_size = static_cast<std::uint16_t>(inside.name.size());
  ByteWriter common;  // from "version needed" to "extra field length"
  common.put(std::uint16_t{20}).put(std::uint16_t{0}).put(std::uint16_t{0});
  common.put(std::uint32_t{0x5C210000}).put(crc32(inside.bytes)).put(size).put(size);
  common.put(name_size).put(std::uint16_t{0});
  ByteWriter zip;
  zip.put(std::uint32_t{0x04034B50}).put_raw(common.bytes()).put_raw(inside.name);
  zip.put_raw(inside.bytes);
  const auto directory = static_cast<std::uint32_t>(zip.bytes().size());
  zip.put(std::uint32_t{0x02014B50}).put(std::uint16_t{20}).put_raw(common.bytes());
  zip.put(std::uint16_t{0}).put(std::uint16_t{0}).put(std::uint16_t{0});
  zip.put(std::uint32_t{0}).put(std::uint32_t{0}).put_raw(inside.name);
  const auto end = static_cast<std::uint32_t>(zip.bytes().size());
  zip.put(std::uint32_t{0x06054B50}).put(std::uint32_t{0}).put(std::uint16_t{1});
  zip.put(std::uint16_t{1}).put(end - directory).put(directory).put(std::uint16_t{0});
  return {name, "application/zip", std::move(zip).bytes(), ""};
}

Attachment calendar_entry(const std::string& title, Timestamp start, const std::string& organiser) {
  const auto stamp = [](Timestamp time) {
    const auto c = civil(time);
    return fmt::format("{:04}{:02}{:02}T{:02}{:02}00Z", c.year, c.month, c.day, c.hour, c.minute);
  };
  return {"invite.ics", "text/calendar",
          fmt::format("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
                      "UID:{3}-{1}\r\nDTSTART:{1}\r\nDTEND:{2}\r\nSUMMARY:{0}\r\n"
                      "ORGANIZER:mailto:{3}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
                      title, stamp(start), stamp(start + std::chrono::hours(1)), organiser),
          ""};
}

}  // namespace winnow::simulate
