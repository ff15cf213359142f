"""The suite that every table format passes, as tests; each is one check of `portes_testing.formats.checks`."""

from typing import ClassVar

from portes_testing.formats.case import FormatCase
from portes_testing.formats.checks import cells, declared, files, purity, rows, samples, writing
from portes_testing.formats.reading import FormatUnderTest
from portes_testing.overrides import Suite


class FormatContract(Suite):
    """Derive a test class, give it a `case`, and the suite runs on your table format. See docs/contract-kit.md."""

    case: ClassVar[FormatCase]
    """The format under test."""

    def test_it_is_found_by_its_entry_point(self, format_under_test: FormatUnderTest) -> None:
        """The name in `format = "…"` leads to the format's class."""
        samples.found_by_its_entry_point(format_under_test)

    def test_its_version_is_a_whole_number(self, format_under_test: FormatUnderTest) -> None:
        """There is a version to raise when the same bytes are read otherwise."""
        samples.version_is_a_whole_number(format_under_test)

    def test_a_sound_sample_is_read_without_a_problem(self, format_under_test: FormatUnderTest) -> None:
        """A store opens every sample."""
        samples.a_sound_sample_is_read_without_a_problem(format_under_test)

    def test_promised_prices_come_out(self, format_under_test: FormatUnderTest) -> None:
        """The samples' prices and days are what the engine makes of them."""
        samples.promised_prices_come_out(format_under_test)

    def test_a_broken_file_is_told_as_declared(self, format_under_test: FormatUnderTest) -> None:
        """The case's broken files are told at the places that it names."""
        samples.a_broken_file_is_told_as_declared(format_under_test)

    def test_the_same_bytes_give_the_same_rows(self, format_under_test: FormatUnderTest) -> None:
        """Reading again changes nothing."""
        rows.the_same_bytes_give_the_same_rows(format_under_test)

    def test_rows_are_sane(self, format_under_test: FormatUnderTest) -> None:
        """Rows are whole numbers; ranges, brackets and days run forwards."""
        rows.rows_are_sane(format_under_test)

    def test_codes_are_of_the_declared_country(self, format_under_test: FormatUnderTest) -> None:
        """A table of one country gives no code of another."""
        rows.codes_are_of_the_declared_country(format_under_test)

    def test_a_lost_zero_is_put_back_or_told(self, format_under_test: FormatUnderTest) -> None:
        """A postal code that a spreadsheet made a number of stays the same place."""
        rows.a_lost_zero_is_put_back_or_told(format_under_test)

    def test_what_cannot_be_read_is_never_taken_for_a_value(self, format_under_test: FormatUnderTest) -> None:
        """Rubbish in a cell is never taken for zero, for blank or for anything."""
        cells.what_cannot_be_read_is_never_taken_for_a_value(format_under_test)

    def test_what_cannot_be_read_is_told(self, format_under_test: FormatUnderTest) -> None:
        """No row is dropped in silence."""
        cells.what_cannot_be_read_is_told(format_under_test)

    def test_a_problem_names_its_place(self, format_under_test: FormatUnderTest) -> None:
        """A problem has line, column, value, cause and fix."""
        cells.a_problem_names_its_place(format_under_test)

    def test_strange_numbers_are_told_or_make_sense(self, format_under_test: FormatUnderTest) -> None:
        """Negative and huge numbers raise nothing, and no row has them."""
        cells.strange_numbers_are_told_or_make_sense(format_under_test)

    def test_a_missing_column_is_told_or_means_the_same(self, format_under_test: FormatUnderTest) -> None:
        """A column that was taken out changes no price in silence."""
        files.a_missing_column_is_told_or_means_the_same(format_under_test)

    def test_a_line_that_stands_there_twice_is_no_crash(self, format_under_test: FormatUnderTest) -> None:
        """A copied line raises nothing and changes no other row."""
        files.a_line_that_stands_there_twice_is_no_crash(format_under_test)

    def test_bytes_that_are_no_table_are_no_crash(self, format_under_test: FormatUnderTest) -> None:
        """Empty, random and foreign bytes raise nothing."""
        files.bytes_that_are_no_table_are_no_crash(format_under_test)

    def test_a_cut_file_is_no_crash(self, format_under_test: FormatUnderTest) -> None:
        """A file without its end raises nothing."""
        files.a_cut_file_is_no_crash(format_under_test)

    def test_line_ends_and_encodings_change_nothing(self, format_under_test: FormatUnderTest) -> None:
        """The same text is the same table, however it is saved."""
        files.line_ends_and_encodings_change_nothing(format_under_test)

    def test_blank_lines_say_nothing(self, format_under_test: FormatUnderTest) -> None:
        """Blank lines mean nothing, and reading comes to an end."""
        files.blank_lines_say_nothing(format_under_test)

    def test_a_workbook_of_the_same_cells_gives_the_same_rows(self, format_under_test: FormatUnderTest) -> None:
        """XLSX and ODS give what the text gives."""
        files.a_workbook_of_the_same_cells_gives_the_same_rows(format_under_test)

    def test_the_decimal_sign_is_honoured(self, format_under_test: FormatUnderTest) -> None:
        """A declared decimal sign counts."""
        declared.the_decimal_sign_is_honoured(format_under_test)

    def test_a_column_has_one_decimal_sign(self, format_under_test: FormatUnderTest) -> None:
        """The decimal sign is never guessed by the cell."""
        declared.a_column_has_one_decimal_sign(format_under_test)

    def test_the_weight_unit_is_honoured(self, format_under_test: FormatUnderTest) -> None:
        """A declared unit of weights counts."""
        declared.the_weight_unit_is_honoured(format_under_test)

    def test_zero_prices_are_honoured(self, format_under_test: FormatUnderTest) -> None:
        """A price of zero means what the operator says."""
        declared.zero_prices_are_honoured(format_under_test)

    def test_what_it_writes_it_reads_the_same(self, format_under_test: FormatUnderTest) -> None:
        """A format that can be written loses no cent on the way."""
        writing.what_it_writes_it_reads_the_same(format_under_test)

    def test_it_reads_no_file_of_its_own(self, format_under_test: FormatUnderTest) -> None:
        """All that it reads are the bytes that it is given."""
        purity.it_reads_no_file_of_its_own(format_under_test)

    def test_it_reads_no_clock_of_its_own(self, format_under_test: FormatUnderTest) -> None:
        """No price hangs on the day on which a table was packed."""
        purity.it_reads_no_clock_of_its_own(format_under_test)

    def test_it_reads_no_environment(self, format_under_test: FormatUnderTest) -> None:
        """What a file means is declared in its options."""
        purity.it_reads_no_environment(format_under_test)

    def test_it_opens_no_connection(self, format_under_test: FormatUnderTest) -> None:
        """A table is read without a network."""
        purity.it_opens_no_connection(format_under_test)

    def test_it_starts_no_thread_or_process_of_its_own(self, format_under_test: FormatUnderTest) -> None:
        """A table is read in the thread that asks for it."""
        purity.it_starts_no_thread_or_process_of_its_own(format_under_test)

    def test_memory_is_in_proportion_to_the_file(self, format_under_test: FormatUnderTest) -> None:
        """No number in a file makes it take the machine's memory."""
        purity.memory_is_in_proportion_to_the_file(format_under_test)


__all__ = ["FormatContract"]
