#include "ingest/mail/html.h"

#include <algorithm>

#include "base/utf8.h"
#include "ingest/mail/html_tokenizer.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

struct Case {
  const char* html;
  const char* text;
};

TEST(Html, ShowsWhatAReaderSees) {
  for (const auto& [html, text] : std::initializer_list<Case>{
           {"<p>one</p><p>two", "one\n\ntwo"},
           {"a<br>b<br/>c", "a\nb\nc"},
           {"a  \n b", "a b"},
           {"<b>a</b><i>b</i>", "ab"},
           {"<td>a</td><td>b</td>", "a b"},
           {"<ul><li>a<li>b</ul>", "a\nb"},
           {"&lt;b&gt; &amp;amp; &#65;&#x42;&nbsp;&eacute", "<b> &amp; AB \u00E9"},
           {"&notit; &bogus; & &#; &#x110000;", "\u00ACit; &bogus; & &#; \uFFFD"},
           {"<title>t</title><body>b", "b"},
           {"<head><meta name=x>text", "text"},
           {"<script>var a='<p>x</p>'</script>y", "y"},
           {"<style>p{}</style>y", "y"},
           {"<style><!-- </style>y", "y"},
           {"<textarea><b>x</textarea>y", "<b>x\ny"},
           {"a<!-- <b>x</b> -->b", "ab"},
           {"a<!-->b", "ab"},
           {"a<!--->b", "ab"},
           {"a<!-- x --!>b", "ab"},
           {"a<!-- open", "a"},
           {"a<!doctype x>b<?php x ?>c</ x>d</>e", "abcde"},
           {"1 < 2 <3", "1 < 2 <3"},
           {"a<b", "a"},
           {"<pre>a\n  b</pre>", "a\nb"},
           {"<blockquote>q<br>r</blockquote>own", "> q\n> r\nown"},
           {"P\xE2\x80\x8B"
            "ay&shy;Pal&zwnj;",
            "PayPal"},
           {"<template>x</template>y", "y"},
           {"<noscript>x</noscript>", "x"},
           {"", ""}}) {
    EXPECT_EQ(read_html(html).text, text) << html;
  }
}

TEST(Html, HidesWhatAReaderDoesNotSee) {
  for (const auto& [html, hidden] : std::initializer_list<Case>{
           {"<div style='display:none'>x</div>y", "x"},
           {"<div style='DISPLAY : NONE !important'>x</div>y", "x"},
           {"<div style='display:none'><p>x</div>y", "x"},
           {"<div style=\"visibility:hidden\">x<b style='visibility:visible'>y</b></div>", "x"},
           {"<span style='font-size:0'>x</span>y", "x"},
           {"<span style='font-size:0px'>x<b style='font-size:12px'>y</b></span>", "x"},
           {"<span style='font-size:1px'>x</span>", "x"},
           {"<font color=white>x</font>y", "x"},
           {"<font color='#fefefe'>x</font>y", "x"},
           {"<div style='background:#000'><font color=white>y</font><font "
            "color=#010101>x</font></div>",
            "x"},
           {"<body bgcolor=black text=black>x</body>", "x"},
           {"<table background=b.gif><tr><td><font color=white>y</font></table>", ""},
           {"<p style='color:rgb(255, 255, 255)'>x</p>y", "x"},
           {"<p style='color:rgba(0,0,0,0)'>x</p>y", "x"},
           {"<p style='color:transparent'>x</p>y", "x"},
           {"<div hidden>x</div>y", "x"},
           {"<div style='opacity:0'>x</div>y", "x"},
           {"<div style='max-height:0;overflow:hidden'>x</div>y", "x"},
           {"<div style='height:0'>y</div>", ""},
           {"<div style='position:absolute;left:-9999px'>x</div>y", "x"},
           {"<div style='text-indent:-9999px'>x</div>y", "x"},
           {"<style>.h{display:none} #i,td.k{font-size:0}</style><p class='a h'>1<p id=i>2<p "
            "class=k>3<p>4",
            "1 2 3"},
           {"<style>.t{font-size:0}.n{display:none}</style><p class=t style='font-size:9px'>y<p "
            "class=n "
            "style='display:block'>y",
            ""},
           {"<div style='display:none'><p style='display:block'>x</div>", "x"},
           {"<style>@media print{.h{display:none}}</style><p class=h>y", ""},
           {"<div style='display&#58;none'>x</div>y", "x"}}) {
    const auto content = read_html(html);
    std::string flat = content.hidden_text;
    std::ranges::replace(flat, '\n', ' ');
    EXPECT_EQ(flat, hidden) << html;
    EXPECT_EQ(content.text.find('x'), std::string::npos) << html;
  }
}

TEST(Html, FindsLinksHoweverTheyAreWritten) {
  for (const auto& [html, url] : std::initializer_list<Case>{
           {"<a href=http://a/>t</a>", "http://a/"},
           {"<a/href=http://a/>t</a>", "http://a/"},
           {"<A HREF = 'http://a/'>t</A>", "http://a/"},
           {"<a title=\"x\"href=\"http://a/\">t", "http://a/"},
           {"<a href=\"http://a/?x=1&amp;y=2&copy=3\">t", "http://a/?x=1&y=2&copy=3"},
           {"<a href=http://a/ href=http://b/>t", "http://a/"},
           {"<a\fhref=http://a/>t", "http://a/"},
           {"<a href=\"ht\ntp://a/\">t", "ht\ntp://a/"},
           {"<area href=http://a/>", "http://a/"},
           {"<form action=http://a/>", "http://a/"},
           {"<meta http-equiv=Refresh content=\"0; URL='http://a/'\">", "http://a/"},
           {"<iframe src=http://a/></iframe>", "http://a/"},
           {"<img src=http://a/>", "http://a/"},
           {"<a <b href=http://a/>t", "http://a/"}}) {
    const auto content = read_html(html);
    ASSERT_EQ(content.links.size(), 1U) << html;
    EXPECT_EQ(content.links[0].url, url) << html;
  }
}

TEST(Html, ALinkKnowsItsText) {
  const auto content = read_html(
      "<a href=1>one <b>two</b></a> <a href=2><img src=cid:x alt='pic'></a> <a href=3>three<a "
      "href=4>four</a>");
  ASSERT_EQ(content.links.size(), 4U);
  EXPECT_EQ(content.links[0].text, "one two");
  EXPECT_EQ(content.links[1].text, "pic");
  EXPECT_EQ(content.links[2].text, "three");
  EXPECT_EQ(content.links[3].text, "four");
  EXPECT_EQ(content.anchors.size(), 3U);
}

TEST(Html, CountsWhatIsUsedAgainstReaders) {
  const auto c =
      read_html(
          "<form><input type=PASSWORD><input><button onclick='x()'></form><script></script>"
          "<img src=https://a/ width=1 height=1><img src=cid:1><img src=data:image/png;base64,xx>"
          "<iframe></iframe><object></object><link rel=stylesheet href=a><style></style>"
          "<meta http-equiv=refresh content=0><!-- c -->")
          .counts;
  EXPECT_EQ(c.forms, 1U);
  EXPECT_EQ(c.inputs, 2U);
  EXPECT_EQ(c.password_inputs, 1U);
  EXPECT_EQ(c.event_handlers, 1U);
  EXPECT_EQ(c.scripts, 1U);
  EXPECT_EQ(c.images, 3U);
  EXPECT_EQ(c.remote_images, 1U);
  EXPECT_EQ(c.embedded_images, 1U);
  EXPECT_EQ(c.data_images, 1U);
  EXPECT_EQ(c.tiny_images, 1U);
  EXPECT_EQ(c.frames, 1U);
  EXPECT_EQ(c.objects, 1U);
  EXPECT_EQ(c.external_styles, 1U);
  EXPECT_EQ(c.style_blocks, 1U);
  EXPECT_EQ(c.meta_refresh, 1U);
  EXPECT_EQ(c.comments, 1U);
}

TEST(Html, FindsTheDeclaredCharacterSet) {
  EXPECT_EQ(declared_charset("<html><meta charset='koi8-r'>"), "koi8-r");
  EXPECT_EQ(declared_charset("<meta http-equiv=content-type content='text/html; charset=big5'>"),
            "big5");
  EXPECT_EQ(declared_charset("<p>"), "");
}

// Each grows twice as long in twice the time where the reader is linear; a quadratic one would take
// minutes here and trip the test's time limit.
TEST(Html, HostileDocumentsTakeLinearTime) {
  const auto repeat = [](std::string_view piece, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += piece;
    return text;
  };
  constexpr std::size_t kBytes = 2UL << 20;
  for (const std::string_view piece : {"<table><tr><td>",
                                       "<div>",
                                       "</div>",
                                       "<a href=x>",
                                       "<",
                                       "<!--",
                                       "--",
                                       "<script>",
                                       "&",
                                       "&#",
                                       "&a",
                                       "<p>",
                                       "<b",
                                       "<textarea>",
                                       "<td></div>",
                                       "<style>{",
                                       "<div style='a:(",
                                       "\xE2\x80\x8B",
                                       "<x y=\"",
                                       "<li><p>",
                                       "http://",
                                       "</x</x"}) {
    const auto content = read_html(repeat(piece, kBytes));
    EXPECT_LE(content.text.size(), 3 * kBytes) << piece;
  }
}

TEST(Html, AnyBytesGiveValidText) {
  testing::for_each_seed(300, [](Rng& rng) {
    static const std::vector<std::string> kPieces = {
        "<",         ">",       "/",           "=",           "\"",
        "'",         "a",       "href",        "style",       "display:none",
        "<!--",      "-->",     "<a ",         "</a>",        "<p>",
        "<table>",   "<td>",    "&",           "&nbsp;",      "&#x20ac;",
        "\u00E9",    "\u200B",  " ",           "\n",          "<script>",
        "</script>", "<style>", "<textarea>",  "<br>",        "<img src=",
        "<body>",    "<head>",  "font-size:0", "<blockquote>"};
    std::string html;
    for (auto left = rng.below(120); left > 0; --left) html += rng.pick(kPieces);
    const auto content = read_html(html);
    EXPECT_TRUE(is_valid_utf8(content.text));
    EXPECT_TRUE(is_valid_utf8(content.hidden_text));
    for (const auto& link : content.links) EXPECT_TRUE(is_valid_utf8(link.text));
    for (const auto& [begin, end] : content.anchors) {
      EXPECT_LT(begin, end);
      EXPECT_LE(end, content.text.size());
    }
  });
}

}  // namespace
}  // namespace winnow
