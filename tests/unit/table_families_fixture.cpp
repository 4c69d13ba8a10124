#include "table_families_fixture.h"

#include <limits>

#include "core/random.h"
#include "scenarios/data/derived_columns.h"

namespace misfire {

namespace {

constexpr std::int64_t new_year_2019 = 1546300800, march_2020 = 1583020800;
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

void add(TableData& data, const std::string& name, std::size_t rows, bool feature,
         const std::vector<std::string>& categories = {}) {
    if (feature) data.features.push_back(data.table.columns.size());
    data.table.columns.push_back({name, std::vector<double>(rows, missing), categories});
    data.fill.push_back(0.0);
}

}  // namespace

TableData made_up_series() {
    constexpr std::size_t rows = 400;
    TableData data;
    data.missing = MissingPolicy::mean;
    data.step_seconds = 86400;
    add(data, "load", rows, false);
    for (const char* name : {"load.1", "load.week", "other.14", "temperature", "wind", "weekday"})
        add(data, name, rows, true);
    add(data, "region", rows, true, {"inner", "outer"});
    add(data, "online", rows, false);
    std::vector<TableColumn>& columns = data.table.columns;
    for (std::size_t t = 0; t < rows; ++t) {
        const auto day = static_cast<double>(t);
        const double weekday = static_cast<double>((t + 1) % 7);
        data.table.seconds.push_back(new_year_2019 + static_cast<std::int64_t>(t) * 86400);
        columns[0].values[t] = 100.0 + (weekday < 5 ? 10.0 : 0.0) + 0.05 * day + 3.0 * double((t * 7) % 11) / 11.0;
        columns[3].values[t] = 50.0 + 5.0 * double((t * 5) % 17) / 17.0;
        columns[4].values[t] = 10.0 + 0.1 * double((t * 13) % 97);
        columns[5].values[t] = 5.0 + 0.02 * double((t * 29) % 83) + 0.3 * columns[4].values[t];
        columns[6].values[t] = weekday;
        columns[7].values[t] = double((t / 3) % 2);
        columns[8].values[t] = 20.0 + double((t * 3) % 5);
        if (t >= 14) data.samples.push_back(static_cast<std::uint32_t>(t));
    }
    data.derived = {{DerivedColumn::Kind::lag, 1, 0, 1, 1},
                    {DerivedColumn::Kind::rolling_mean, 2, 0, 1, 7},
                    {DerivedColumn::Kind::lagged, 3, 0, 14, 1}};
    recompute_derived(data);
    return data;
}

TableData made_up_hours() {
    constexpr std::size_t rows = 120 * 24;
    TableData data;
    data.missing = MissingPolicy::mean;
    data.step_seconds = 3600;
    add(data, "load", rows, false);
    add(data, "temperature", rows, true);
    for (std::size_t t = 0; t < rows; ++t) {
        data.table.seconds.push_back(march_2020 + static_cast<std::int64_t>(t) * 3600);
        data.table.columns[0].values[t] = 100.0 + double((t % 24) * (24 - t % 24));
        data.table.columns[1].values[t] = double(t);
        data.samples.push_back(static_cast<std::uint32_t>(t));
    }
    return data;
}

TableData made_up_table() {
    constexpr std::size_t rows = 500;
    TableData data;
    data.missing = MissingPolicy::median;
    data.classification = true;
    add(data, "class", rows, false, {"a", "b", "c"});
    for (const char* name : {"x0", "x1", "x2", "x3"}) add(data, name, rows, true);
    add(data, "site", rows, true, {"north", "south", "east", "west"});
    const Random random(20190101);
    std::vector<float> z(4 * rows), u(rows);
    random.normal(z, 0);
    random.uniform(u, 1);
    std::vector<TableColumn>& columns = data.table.columns;
    for (std::size_t row = 0; row < rows; ++row) {
        columns[0].values[row] = row % 10 < 6 ? 0.0 : row % 10 < 9 ? 1.0 : 2.0;
        for (std::size_t k = 0; k < 4; ++k) columns[1 + k].values[row] = double(z[4 * row + k]);
        columns[2].values[row] += columns[1].values[row];
        columns[5].values[row] = double(u[row]) < 0.5    ? 0.0
                                 : double(u[row]) < 0.75 ? 1.0
                                 : double(u[row]) < 0.9  ? 2.0
                                                         : 3.0;
        data.samples.push_back(static_cast<std::uint32_t>(row));
    }
    return data;
}

TableData data_for(const TablePerturbationInfo& info) {
    if (info.name == "daylight_saving") return made_up_hours();
    if (info.name == "slope_rotation") return made_up_series();
    return info.domain == "series" ? made_up_series() : made_up_table();
}

Options options_for(const std::string& family) {
    if (family == "substitution") return {{"to", "online"}};
    return {};
}

std::size_t column_of(const TableData& data, const std::string& name) { return data.table.find(name).value(); }

const std::vector<double>& values_of(const TableData& data, const std::string& name) {
    return data.table.columns[column_of(data, name)].values;
}

TableChange changed(const std::string& family, const TableData& data, double severity, Options options,
                    std::uint64_t key) {
    options.merge(options_for(family));
    for (const Option& option : find_table_perturbation(family)->info().options) {
        if (option.name == "onset" && data.table.rows() == 400) options.emplace("onset", "200");
    }
    return make_table_perturbation(family, options)->apply(data, severity, Random(key));
}

}  // namespace misfire
