// Hexcone HSV in double, in the order of operations of skimage.color.rgb2hsv and hsv2rgb: V = max, S = (max - min) /
// max, hue of grey and black 0. The published results sit on knife edges of the final truncation, so the order matters.
#pragma once

namespace misfire::hexcone {

struct Hsv {
    double hue;  // turns, [0, 1)
    double saturation;
    double value;
};

struct Rgb {
    double red;
    double green;
    double blue;
};

[[gnu::always_inline]] inline double clip(double x) { return x < 0.0 ? 0.0 : (x > 1.0 ? 1.0 : x); }

// Whole part of x in (-8, 8) without a call, so that loops vectorise.
[[gnu::always_inline]] inline double floor_small(double x) {
    const double cut = static_cast<double>(static_cast<int>(x));
    return cut > x ? cut - 1.0 : cut;
}

[[gnu::always_inline]] inline Hsv from_rgb(double red, double green, double blue) {
    const double rg = red > green ? red : green;
    const double value = rg > blue ? rg : blue;
    const double low_rg = red < green ? red : green;
    const double delta = value - (low_rg < blue ? low_rg : blue);
    const double divisor = delta == 0.0 ? 1.0 : delta;
    // Later channels win ties, as in skimage, where each assignment overwrites the one before.
    double hue = (green - blue) / divisor;
    hue = green == value ? 2.0 + (blue - red) / divisor : hue;
    hue = blue == value ? 4.0 + (red - green) / divisor : hue;
    const double turns = hue / 6.0;
    const double wrapped = delta == 0.0 ? 0.0 : turns - floor_small(turns);
    const double saturation = delta == 0.0 ? 0.0 : delta / value;
    return {wrapped, saturation, value};
}

[[gnu::always_inline]] inline Rgb to_rgb(const Hsv& hsv) {
    const double sixths = hsv.hue * 6.0;
    const double sector = floor_small(sixths);
    const double f = sixths - sector;
    const double p = hsv.value * (1.0 - hsv.saturation);
    const double q = hsv.value * (1.0 - f * hsv.saturation);
    const double t = hsv.value * (1.0 - (1.0 - f) * hsv.saturation);
    const double v = hsv.value;
    const int i = static_cast<int>(sector);  // 6 means 0 again
    const double red = i == 1 ? q : (i == 2 || i == 3 ? p : (i == 4 ? t : v));
    const double green = i == 0 || i == 6 ? t : (i == 1 || i == 2 ? v : (i == 3 ? q : p));
    const double blue = i == 2 ? t : (i == 3 || i == 4 ? v : (i == 5 ? q : p));
    return {red, green, blue};
}

}  // namespace misfire::hexcone
