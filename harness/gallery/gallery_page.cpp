#include "harness/gallery/gallery_page.h"

#include <cmath>
#include <cstdio>

#include "harness/gallery/embedded.h"
#include "results/report/markup.h"

namespace misfire {

namespace {

using report::escaped;

// Of files below the page, whose names hold no more than slugs do.
std::string colour_text(Colour colour) {
    char text[8];
    const auto part = [](double value) { return static_cast<unsigned>(std::lround(value * 255.0)) & 0xFFU; };
    std::snprintf(text, sizeof text, "#%02x%02x%02x", part(colour.red), part(colour.green), part(colour.blue));
    return text;
}

bool is_small(const PageWalk& walk) { return walk.width < 160 && walk.height < 160; }

std::string steps_json(const std::vector<PageStep>& steps) {
    std::string json = "[";
    const auto text = [](const std::string& value) {
        std::string out = "\"";
        for (const char c : value) {
            if (c == '"' || c == '\\') out += '\\';
            if (static_cast<unsigned char>(c) >= 0x20) out += c;
        }
        return out + "\"";
    };
    for (const PageStep& step : steps)
        json +=
            (json.size() > 1 ? ",[" : "[") + text(step.label) + "," + text(step.answer) + (step.wrong ? ",1]" : ",0]");
    return json + "]";
}

// The strip of steps with its slider.
std::string slider_html(const PageWalk& walk) {
    const PageStep& first = walk.steps[walk.shown];
    const std::string width = std::to_string(walk.width), height = std::to_string(walk.height);
    const auto count = static_cast<int>(walk.steps.size());
    std::string html =
        "<div class=\"view" + std::string(is_small(walk) ? " small" : "") + "\" style=\"aspect-ratio:" + width + "/" +
        height + "\"><img loading=\"lazy\" src=\"" + escaped(walk.strip) + "\" width=\"" + width + "\" height=\"" +
        std::to_string(walk.height * count) + "\" alt=\"" + escaped(walk.title) +
        "\" style=\"--step:" + std::to_string(walk.shown) + ";--count:" + std::to_string(count) + "\"></div>";
    html += "<label class=\"slide\"><span class=\"unseen\">severity of " + escaped(walk.title) +
            "</span><input type=\"range\" min=\"0\" max=\"" + std::to_string(count - 1) + "\" value=\"" +
            std::to_string(walk.shown) + "\"></label>";
    return html + "<output class=\"answer" + std::string(first.wrong ? " wrong" : "") + "\"><b>" +
           escaped(first.label) + "</b> <span>" + escaped(first.answer) + "</span></output>";
}

std::string walk_html(const PageWalk& walk) {
    std::string html = walk.strip.empty() ? "<figure><img class=\"still\" loading=\"lazy\" src=\"" +
                                                escaped(walk.picture) + "\" alt=\"" + escaped(walk.title) + "\">"
                                          : "<figure class=\"walk\" data-steps=\"" + escaped(steps_json(walk.steps)) +
                                                "\">" + slider_html(walk);
    html += "<figcaption>" + escaped(walk.title) + "<br><span class=\"why\">" + escaped(walk.why) + "</span><br>";
    if (!walk.picture.empty()) html += "<a href=\"" + escaped(walk.picture) + "\">picture</a>";
    if (!walk.film.empty()) html += " <a href=\"" + escaped(walk.film) + "\">film</a>";
    return html + "</figcaption></figure>\n";
}

std::string selection_html(const PageSelection& selection) {
    std::string html = "<section id=\"" + escaped(selection.name) + "\"><h2>" + escaped(selection.title) + "</h2><p>" +
                       escaped(selection.meaning) + "</p>";
    if (!selection.empty.empty())
        return html + "<p class=\"empty\">Nothing to show: " + escaped(selection.empty) + ".</p></section>\n";
    html += "<p class=\"files\">";
    for (const std::string& sheet : selection.sheets)
        html += "<a href=\"" + escaped(sheet) + "\">" + escaped(sheet) + "</a> ";
    html += "</p>";
    if (!selection.image.empty())
        html +=
            "<img class=\"sheet\" src=\"" + escaped(selection.image) + "\" alt=\"" + escaped(selection.title) + "\">";
    html += "<div class=\"walks\">\n";
    for (const PageWalk& walk : selection.walks) html += walk_html(walk);
    return html + "</div></section>\n";
}

std::string style_of(const SheetTheme& theme) {
    return ":root { --paper: " + colour_text(theme.paper) + "; --ink: " + colour_text(theme.ink) +
           "; --faint: " + colour_text(theme.faint) + "; --empty: " + colour_text(theme.empty) +
           "; --accent: " + colour_text(theme.accent) + "; }\n" + std::string(embedded_file("gallery.css"));
}

}  // namespace

std::string gallery_html(const GalleryPage& page, const SheetTheme& theme) {
    std::string navigation, main;
    for (const PageSelection& selection : page.selections) {
        if (selection.empty.empty())
            navigation += "<li><a href=\"#" + escaped(selection.name) + "\">" + escaped(selection.title) + "</a></li>";
        main += selection_html(selection);
    }
    std::string html =
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\"><title>" +
        escaped(page.title) + " \u00b7 misfire gallery</title><link rel=\"icon\" href=\"data:,\"><style>\n" +
        style_of(theme) + "</style></head>\n<body><header><p class=\"kind\">misfire gallery</p><h1>" +
        escaped(page.title) + "</h1>";
    if (page.incomplete)
        html += "<p class=\"incomplete\">The run is incomplete: what is missing could not be chosen from.</p>";
    html += "<nav aria-label=\"Selections\"><ul>" + navigation + "</ul></nav></header>\n<main>" + main +
            "</main>\n<footer><p>" + escaped(page.footer) + "</p></footer>\n<script>\n" +
            std::string(embedded_file("gallery.js")) + "</script></body></html>\n";
    return html;
}

}  // namespace misfire
