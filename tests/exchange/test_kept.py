"""What an object keeps is worked out once for each object, and for nobody else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from exchange.kept import kept


@dataclass(frozen=True)
class Counted:
    """Something that counts how often it was worked out."""

    number: int
    asked: list[int] = field(default_factory=list)

    @kept
    def double(self) -> int:
        """Twice the number."""
        self.asked.append(self.number)
        return 2 * self.number


def test_a_value_is_worked_out_when_it_is_first_asked_for_and_not_again() -> None:
    counted = Counted(4)
    assert counted.asked == []
    assert [counted.double, counted.double] == [8, 8]
    assert counted.asked == [4]


def test_a_changed_copy_works_its_own_value_out() -> None:
    counted = Counted(4)
    assert counted.double == 8
    assert replace(counted, number=5).double == 10
    assert counted.double == 8


def test_what_is_kept_makes_no_object_another() -> None:
    asked, silent = Counted(4), Counted(4, [4])
    assert asked.double == 8
    assert asked == silent


def test_the_class_shows_what_is_kept_and_its_words() -> None:
    assert isinstance(Counted.double, kept)
    assert Counted.double.__doc__ == "Twice the number."
