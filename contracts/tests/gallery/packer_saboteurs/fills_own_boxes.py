"""Puts several units into the own box of one."""

from dataclasses import replace

from gallery.row.packer import Row

from portes.packing.protocol import Carton, PackedLine, PackingTask


class Saboteur(Row):
    def most(self, line: PackedLine, task: PackingTask, carton: Carton | None) -> int:
        plain = line.item.model_copy(update={"tags": ()})
        return super().most(replace(line, item=plain), task, carton)


pack = Saboteur()
